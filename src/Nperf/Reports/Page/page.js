// Makes the page's charts live: the page says everything without it. It asks nothing of any network.
'use strict';
(() => {
    const data = JSON.parse(document.getElementById('data').textContent);
    const symbols = ['circle', 'rect', 'triangle', 'diamond', 'roundRect', 'emptyCircle'];
    const redraws = [];
    const font = getComputedStyle(document.body).fontFamily;

    /** An element with text, never markup: names come from other machines. */
    function element(name, text, className) {
        const made = document.createElement(name);
        if (text !== undefined) made.textContent = text;
        if (className) made.className = className;
        return made;
    }

    /** Three digits, as nperf's tables have them. */
    function digits(value, most) {
        for (let decimals = most; decimals > 0; decimals--) {
            const text = value.toFixed(decimals);
            if (text.replace(/\D/g, '').replace(/^0+/, '').length <= 3) return text;
        }
        return value.toFixed(0);
    }

    const time = us => digits(us, 2);

    function size(bytes) {
        const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
        let unit = 0;
        for (; bytes >= 1023.5 && unit < units.length - 1; unit++) bytes /= 1024;
        return `${Number.isInteger(bytes) ? bytes : digits(bytes, 2)} ${units[unit]}`;
    }

    const figures = {
        busbw: {
            value: value => `${digits(value, 6)} GB/s`,
            axis: value => String(Number(value.toPrecision(4))),
            name: group => group.isAlone ? 'algorithm bandwidth (GB/s)' : 'bus bandwidth (GB/s)',
        },
        time: {
            value: value => `${time(value)} us`,
            axis: value => value >= 1e6 ? `${Number((value / 1e6).toPrecision(3))} s`
                : value >= 1e3 ? `${Number((value / 1e3).toPrecision(3))} ms` : `${Number(value.toPrecision(3))} us`,
            name: () => 'time of one iteration',
        },
    };

    /** The colours of the theme that the page has at the moment. */
    function theme() {
        const style = getComputedStyle(document.documentElement);
        const color = name => style.getPropertyValue(name).trim();
        return {
            ink: color('--ink'), faint: color('--faint'), line: color('--line'), card: color('--card'),
            heat: [0, 1, 2, 3, 4, 5].map(index => color(`--heat${index}`)),
            series: [0, 1, 2, 3, 4, 5].map(index => color(`--series${index}`)),
        };
    }

    /** The packed ECharts as a script of the page; its hash stands in the page's policy. */
    async function loadCharts() {
        const packed = Uint8Array.from(atob(document.getElementById('echarts').textContent), letter => letter.charCodeAt(0));
        const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
        const script = document.createElement('script');
        script.textContent = await new Response(stream).text();
        document.head.append(script);
        return window.echarts;
    }

    const shown = point => point.bytes > 0 && point.value !== null;

    /** A logarithmic axis around the values that names 1, 2 and 5 of each power of ten, or 1 alone where those are many. */
    function logAxis(values, axis) {
        const low = Math.min(...values), high = Math.max(...values), named = [];
        for (let power = -13; power <= 19; power++) named.push(...[1, 2, 5].map(digit => Number(`${digit}e${power}`)));
        let first = named.findLastIndex(value => value <= low * 1.0001), last = named.findIndex(value => value >= high * 0.9999);
        if (first === last) [first, last] = [first - 1, last + 1];
        const within = named.slice(first, last + 1), customValues = within.length <= 13 ? within : within.filter(value => Number.isInteger(Math.log10(value)));
        return {
            ...axis, type: 'log', logBase: 10, min: within[0], max: within.at(-1),
            axisTick: { ...axis.axisTick, customValues }, axisLabel: { ...axis.axisLabel, customValues }, splitLine: { ...axis.splitLine, customValues },
        };
    }

    /** What stands behind a line: from low to high, one polygon. */
    function band(line, color) {
        const points = line.points.filter(point => shown(point) && point.low !== null && point.high !== null);
        return {
            type: 'custom', name: line.name, silent: true, clip: true, z: 1, tooltip: { show: false },
            data: points.map(point => [Math.log2(point.bytes), point.low, point.high]),
            encode: { x: 0, y: [1, 2] },
            renderItem: (params, api) => params.dataIndexInside !== 0 ? null : {
                type: 'polygon',
                shape: {
                    points: [
                        ...points.map(point => api.coord([Math.log2(point.bytes), point.high])),
                        ...points.toReversed().map(point => api.coord([Math.log2(point.bytes), point.low])),
                    ],
                },
                style: { fill: color, opacity: 0.16 },
            },
        };
    }

    function series(line, index, colors) {
        const color = colors.series[index % colors.series.length], symbol = symbols[index % symbols.length];
        const at = point => ({ value: [Math.log2(point.bytes), point.value], point });
        const all = [band(line, color), {
            type: 'line', name: line.name, data: line.points.filter(shown).map(at), symbol, symbolSize: 7, z: 3,
            showSymbol: line.cycles.length === 0, color, lineStyle: { width: 2, type: index < colors.series.length ? 'solid' : 'dashed' },
            emphasis: { disabled: true },
        }];
        if (line.cycles.length > 0) {
            all.push({ type: 'scatter', name: line.name, data: line.cycles.filter(shown).map(at), symbol, symbolSize: 5, z: 2, color, tooltip: { show: false } });
        }
        return all;
    }

    function tooltip(items, figure) {
        const points = items.filter(item => item.data && item.data.point);
        if (points.length === 0) return '';
        const box = element('div', undefined, 'tip');
        box.append(element('strong', size(points[0].data.point.bytes)));
        for (const { seriesName, data: { point } } of points) {
            const row = element('div');
            row.append(element('span', `${seriesName}: `), element('b', figure.value(point.value)));
            if (point.low !== null && point.high !== null) {
                row.append(element('span', ` (${figure.value(point.low)} to ${figure.value(point.high)})`));
            }
            box.append(row);
        }
        return box;
    }

    function options(group, kind, colors, width) {
        const figure = figures[kind], lines = group[kind];
        const points = lines.flatMap(line => [...line.points, ...line.cycles]).filter(shown);
        const exponents = points.map(point => Math.log2(point.bytes));
        let from = Math.floor(Math.min(...exponents)), to = Math.ceil(Math.max(...exponents));
        if (from === to) [from, to] = [from - 1, to + 1];
        const axis = {
            axisLabel: { color: colors.faint, hideOverlap: true }, nameTextStyle: { color: colors.faint, align: 'left' },
            axisLine: { lineStyle: { color: colors.line } }, axisTick: { show: false }, splitLine: { show: true, lineStyle: { color: colors.line } },
        };
        return {
            animation: false, textStyle: { fontFamily: font },
            grid: { left: 8, right: 32, top: 34, bottom: 44, containLabel: true },
            legend: { show: false, data: lines.map(line => line.name) },
            tooltip: {
                trigger: 'axis', confine: true, backgroundColor: colors.card, borderColor: colors.line, textStyle: { color: colors.ink },
                axisPointer: { type: 'line', snap: true }, formatter: items => tooltip(items, figure),
            },
            xAxis: {
                ...axis, type: 'value', min: from, max: to, interval: Math.ceil((to - from) / (width < 450 ? 5 : 8)),
                axisLabel: { ...axis.axisLabel, margin: 12, formatter: exponent => Number.isInteger(exponent) ? size(2 ** exponent) : '' },
                axisPointer: { label: { show: false } },
            },
            yAxis: {
                ...logAxis(points.flatMap(point => [point.value, point.low, point.high]).filter(value => value !== null),
                    { ...axis, axisLabel: { ...axis.axisLabel, formatter: figure.axis } }),
                name: figure.name(group),
            },
            dataZoom: [{
                type: 'slider', xAxisIndex: 0, filterMode: 'none', height: 18, bottom: 8, showDetail: false, brushSelect: false,
                borderColor: colors.line, fillerColor: colors.series[0] + '22', handleStyle: { color: colors.card, borderColor: colors.faint },
                moveHandleSize: 0, showDataShadow: false,
            }],
            series: lines.flatMap((line, index) => series(line, index, colors)),
        };
    }

    /** The arrows go from point to point; what a point says is spoken. */
    function listenToKeys(holder, chart, group, kind, status) {
        const sizes = [...new Set(group[kind].flatMap(line => line.points.filter(shown).map(point => point.bytes)))].sort((a, b) => a - b);
        let at = -1;
        holder.addEventListener('keydown', event => {
            const step = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[event.key];
            if (event.key === 'Escape') chart.dispatchAction({ type: 'hideTip' });
            if (step === undefined) return;
            event.preventDefault();
            at = Math.max(0, Math.min(sizes.length - 1, at + step));
            const said = [];
            let tip = null;
            chart.getOption().series.forEach((one, seriesIndex) => {
                if (one.type !== 'line') return;
                const dataIndex = one.data.findIndex(item => item.point.bytes === sizes[at]);
                if (dataIndex < 0) return;
                tip ??= { type: 'showTip', seriesIndex, dataIndex };
                said.push(`${one.name} ${figures[kind].value(one.data[dataIndex].point.value)}`);
            });
            if (tip) chart.dispatchAction(tip);
            status.textContent = `${size(sizes[at])}: ${said.join(', ')}`;
        });
        holder.addEventListener('blur', () => chart.dispatchAction({ type: 'hideTip' }));
    }

    /** A place for a live chart instead of the still one, that keys reach and that speaks. */
    function makeLive(holder) {
        const label = holder.querySelector('svg.still').getAttribute('aria-label');
        const live = element('div', undefined, 'live');
        const status = element('p', undefined, 'spoken');
        status.setAttribute('role', 'status');
        holder.append(live, status);
        holder.classList.add('is-live');
        holder.tabIndex = 0;
        holder.setAttribute('role', 'group');
        holder.setAttribute('aria-roledescription', 'chart');
        live.setAttribute('aria-hidden', 'true');
        return { live, status, label };
    }

    function drawChart(echarts, holder, group, kind) {
        const { live, status, label } = makeLive(holder);
        holder.setAttribute('aria-label', `${label}; arrow keys go from size to size`);
        const chart = echarts.init(live, null, { renderer: 'svg' });
        const draw = () => chart.setOption(options(group, kind, theme(), live.clientWidth));
        draw();
        listenToKeys(holder, chart, group, kind, status);
        new ResizeObserver(() => chart.resize()).observe(live);
        redraws.push(draw);
        return chart;
    }

    const heatSteps = [0.5, 0.7, 0.85, 0.95, 1.05];

    function heatOptions(pairs, kind, colors) {
        const speed = kind + 'Speed', show = value => kind === 'latency' ? `${time(value)} us` : `${digits(value, 6)} GB/s`;
        const axis = {
            type: 'category', data: pairs.ranks, splitArea: { show: false }, axisTick: { show: false }, axisLine: { show: false },
            axisLabel: { color: colors.faint }, nameTextStyle: { color: colors.faint }, nameLocation: 'middle', nameGap: 30,
        };
        const bounds = [undefined, ...heatSteps, undefined];
        return {
            animation: false, textStyle: { fontFamily: font },
            grid: { left: 56, right: 8, top: 76, bottom: 8 },
            tooltip: {
                confine: true, backgroundColor: colors.card, borderColor: colors.line, textStyle: { color: colors.ink },
                formatter: ({ data: { link } }) => {
                    const box = element('div', undefined, 'tip');
                    box.append(element('strong', `rank ${pairs.ranks[link.from]} to rank ${pairs.ranks[link.to]}`));
                    for (const line of [
                        `from ${pairs.places[link.from]}`, `to ${pairs.places[link.to]}`, `${show(link[kind])} (${link.class})`,
                        link[speed] === null ? '' : `${digits(100 * link[speed], 1)} % of the speed that is typical`,
                    ]) box.append(element('div', line));
                    return box;
                },
            },
            visualMap: {
                type: 'piecewise', dimension: 2, orient: 'horizontal', top: 0, left: 0, itemSymbol: 'rect', textStyle: { color: colors.ink },
                pieces: colors.heat.map((color, index) => ({
                    ...(bounds[index] !== undefined && { gte: bounds[index] }), ...(bounds[index + 1] !== undefined && { lt: bounds[index + 1] }), color,
                    label: index === 0 ? `below ${heatSteps[0]}` : index === heatSteps.length ? `from ${heatSteps[index - 1]} on` : `${heatSteps[index - 1]} to ${heatSteps[index]}`,
                })),
                outOfRange: { color: colors.line },
            },
            xAxis: { ...axis, position: 'top', name: 'to rank' }, yAxis: { ...axis, inverse: true, name: 'from rank', nameGap: 36 },
            series: [{
                type: 'heatmap', itemStyle: { borderColor: colors.card, borderWidth: pairs.ranks.length > 64 ? 0 : 1 }, emphasis: { itemStyle: { borderColor: colors.ink, borderWidth: 2 } },
                data: pairs.links.filter(link => link[kind] !== null).map(link => ({ value: [link.to, link.from, link[speed] ?? -1], link })),
                label: {
                    show: pairs.ranks.length <= 12, color: colors.ink,
                    formatter: ({ data: { link } }) => kind === 'latency' ? time(link.latency) : digits(link.bandwidth, 6),
                },
            }],
        };
    }

    /** The pairs of ranks as a heat map; the arrow keys go from pair to pair. */
    function drawPairs(echarts, holder) {
        const pairs = data.pairs[holder.dataset.pairs], { live, status, label } = makeLive(holder);
        holder.setAttribute('aria-label', `${label}; arrow keys go from pair to pair`);
        const chart = echarts.init(live, null, { renderer: 'canvas' });
        const select = document.querySelector(`select[data-pairs="${holder.dataset.pairs}"]`);
        const draw = () => chart.setOption(heatOptions(pairs, select.value, theme()));
        select.closest('.choose').hidden = false;
        select.addEventListener('change', draw);
        draw();
        new ResizeObserver(() => chart.resize()).observe(live);
        let row = 0, column = 0;
        holder.addEventListener('keydown', event => {
            const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
            if (event.key === 'Escape') chart.dispatchAction({ type: 'hideTip' });
            if (step === undefined) return;
            event.preventDefault();
            const last = pairs.ranks.length - 1;
            [row, column] = [Math.max(0, Math.min(last, row + step[0])), Math.max(0, Math.min(last, column + step[1]))];
            const dataIndex = chart.getOption().series[0].data.findIndex(({ link }) => link.from === row && link.to === column);
            const said = `from rank ${pairs.ranks[row]} to rank ${pairs.ranks[column]}`;
            if (dataIndex < 0) {
                status.textContent = `${said}: nothing`;
                return;
            }
            const { link } = chart.getOption().series[0].data[dataIndex];
            chart.dispatchAction({ type: 'showTip', seriesIndex: 0, dataIndex });
            status.textContent = `${said}: ${digits(link.bandwidth ?? 0, 6)} GB/s, ${time(link.latency ?? 0)} us`;
        });
        holder.addEventListener('blur', () => chart.dispatchAction({ type: 'hideTip' }));
        redraws.push(draw);
    }

    /** Buttons that show and hide runs, and the sizes from which to which: what the mouse can do, for all. */
    function drawControls(holder, group, charts) {
        if (group.busbw.length > 1) {
            const legend = element('div', undefined, 'runs');
            legend.setAttribute('role', 'group');
            legend.setAttribute('aria-label', 'Runs');
            group.busbw.forEach((line, index) => {
                const button = element('button', line.name, `s${index}`);
                button.type = 'button';
                button.setAttribute('aria-pressed', 'true');
                button.addEventListener('click', () => {
                    const isOn = button.getAttribute('aria-pressed') !== 'true';
                    button.setAttribute('aria-pressed', String(isOn));
                    for (const chart of charts) chart.dispatchAction({ type: isOn ? 'legendSelect' : 'legendUnSelect', name: line.name });
                });
                legend.append(button);
            });
            holder.append(legend);
        }

        const sizes = [...new Set(group.time.flatMap(line => line.points.filter(shown).map(point => point.bytes)))].sort((a, b) => a - b);
        if (sizes.length > 2) {
            const [from, to] = ['from', 'to'].map((word, end) => {
                const label = element('label', `${word} `), select = element('select');
                select.setAttribute('aria-label', `${word} size`);
                sizes.forEach((bytes, index) => select.append(new Option(size(bytes), index)));
                select.value = end === 0 ? 0 : sizes.length - 1;
                label.append(select);
                return { label, select };
            });
            const reset = element('button', 'All sizes');
            reset.type = 'button';
            const zoom = () => {
                const [low, high] = [Number(from.select.value), Number(to.select.value)].sort((a, b) => a - b);
                const isAll = low === 0 && high === sizes.length - 1;
                const where = isAll ? { start: 0, end: 100 } : { startValue: Math.log2(sizes[low]), endValue: Math.log2(sizes[high]) };
                for (const chart of charts) chart.dispatchAction({ type: 'dataZoom', ...where });
            };
            from.select.addEventListener('change', zoom);
            to.select.addEventListener('change', zoom);
            reset.addEventListener('click', () => {
                from.select.value = 0;
                to.select.value = sizes.length - 1;
                zoom();
            });
            const sizesShown = element('div', 'Sizes ', 'zoom');
            sizesShown.append(from.label, to.label, reset);
            holder.append(sizesShown);
        }
        holder.hidden = holder.childElementCount === 0;
    }

    function drawGroup(echarts, section) {
        const holders = [...section.querySelectorAll('.chart')];
        if (section.dataset.drawn || holders.length === 0) return;
        section.dataset.drawn = 'yes';
        const index = holders[0].dataset.group, group = data.groups[index];
        if (![...group.busbw, ...group.time].some(line => line.points.some(shown))) return;
        const charts = holders.filter(holder => group[holder.dataset.figure].some(line => line.points.some(shown)))
            .map(holder => drawChart(echarts, holder, group, holder.dataset.figure));
        for (const chart of charts) chart.group = `group${index}`;
        echarts.connect(`group${index}`);
        drawControls(section.querySelector('.legend'), group, charts);
    }

    /** The rows of the ranks' table for another size: the same as the page came with. */
    function chooseSizes(holder) {
        const times = data.groups[holder.dataset.group].ranks[holder.dataset.run];
        const select = holder.querySelector('select'), body = holder.querySelector('.bars tbody');
        holder.querySelector('.choose').hidden = times.results.length < 2;
        select.addEventListener('change', () => {
            const at = Number(select.value), slowest = times.results[at].slowest;
            const ranks = times.ranks.filter(rank => rank.us[at]), longest = Math.max(...ranks.map(rank => rank.us[at][0]));
            holder.querySelector('.at').textContent = times.results[at].name;
            body.replaceChildren(...ranks.map(rank => {
                const row = element('tr', undefined, rank.rank === slowest ? 'slowest' : '');
                const head = element('th', rank.rank), bar = element('td', undefined, 'bar');
                head.scope = 'row';
                const track = element('span', undefined, 'track'), length = element('span');
                length.style.width = `${100 * rank.us[at][0] / longest}%`;
                track.append(length);
                bar.append(track, ` ${time(rank.us[at][0])}${rank.rank === slowest ? ' slowest' : ''}`);
                row.append(head, element('td', rank.place), bar, element('td', time(rank.us[at][1]), 'n'), element('td', time(rank.us[at][2]), 'n'));
                return row;
            }));
        });
    }

    async function start() {
        document.querySelectorAll('.ranks').forEach(chooseSizes);
        window.addEventListener('beforeprint', () => document.querySelectorAll('details.fold').forEach(fold => { fold.open = true; }));
        if (typeof DecompressionStream === 'undefined' || !document.querySelector('.chart')) return;
        const echarts = await loadCharts();
        for (const section of document.querySelectorAll('section.group')) {
            const fold = section.querySelector('details.fold');
            if (fold === null || fold.open) drawGroup(echarts, section);
            fold?.addEventListener('toggle', () => drawGroup(echarts, section));
        }
        document.querySelectorAll('.chart.pairs').forEach(holder => drawPairs(echarts, holder));
        matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
            for (const redraw of redraws) redraw();
        });
        document.documentElement.dataset.charts = 'live';
    }

    start();
})();
