using Nperf.Launch;

namespace Nperf.Arguments;

/// <summary>What to say to habits: flags of iperf3 and nccl-tests, later versions' options, typing mistakes.</summary>
internal static class Hints
{
    // Letters that nperf does not have, so that each is an unknown option.
    private static readonly Dictionary<string, string> ForeignLetters = new()
    {
        ["-A"] = "nperf leaves the choice of processors to taskset(1)",
        ["-C"] = "TCP's congestion control is --tcp-congestion",
        ["-D"] = "nperf does not go to the background; use nohup or systemd-run",
        ["-F"] = "nperf sends buffers from memory, not files",
        ["-G"] = "CUDA graphs are --graph",
        ["-I"] = "nperf writes no pid file",
        ["-L"] = "nperf knows IPv6 addresses by themselves: -c ADDRESS",
        ["-M"] = "nperf leaves the TCP segment size to the kernel",
        ["-N"] = "nperf always sends without delay; to repeat the whole use --cycles",
        ["-P"] = "parallel TCP streams are --streams; more ranks are -n (local) or -g (each process)",
        ["-R"] = "nperf has no reverse mode: every rank sends and receives; buffer registration is --register",
        ["-T"] = "nperf has no title; the longest wait is --timeout",
        ["-V"] = "to see more use -v (--verbose)",
        ["-X"] = "nperf uses no SCTP",
        ["-Y"] = "nperf has no such option",
        ["-Z"] = "nperf has no zero-copy choice",
        ["-a"] = "nperf prints average, minimum, maximum and p99 of the time at once",
        ["-d"] = "element types are --dtype; --debug shows where a failure came from",
        ["-e"] = "the largest size is -B (--max-bytes)",
        ["-f"] = "the factor from one size to the next is -S (--step); figures are always in GB/s",
        ["-k"] = "the number of iterations is -i (--iters)",
        ["-l"] = "the size is -b (--bytes)",
        ["-m"] = "operations an iteration are --aggregate",
        ["-r"] = "root ranks are --root",
        ["-u"] = "nperf has no UDP; its transports are --transport memory, shm and tcp",
        ["-x"] = "nperf has no such option",
        ["-y"] = "nperf has no such option",
        ["-z"] = "what follows each operation is --sync none, op or barrier",
        ["-4"] = "to use IPv4, name an IPv4 address: -c ADDRESS",
        ["-6"] = "to use IPv6, name an IPv6 address: -c ADDRESS",
    };

    private static readonly Dictionary<string, string> ForeignNames = new()
    {
        ["--udp"] = ForeignLetters["-u"],
        ["--parallel"] = ForeignLetters["-P"],
        ["--congestion"] = ForeignLetters["-C"],
        ["--reverse"] = ForeignLetters["-R"],
        ["--bidir"] = "nperf has no such mode: every rank sends and receives, as the operation says",
        ["--bitrate"] = "nperf does not limit the rate",
        ["--bandwidth"] = "nperf does not limit the rate",
        ["--length"] = ForeignLetters["-l"],
        ["--window"] = "nperf leaves TCP windows to the kernel",
        ["--bind-dev"] = "the network for the data is --interface",
        ["--token"] = "on a command line everybody could read it; --token-file FILE, or the variable NPERF_TOKEN",
        ["--one-off"] = "a server always serves one run",
        ["--daemon"] = ForeignLetters["-D"],
        ["--logfile"] = "to write to a file use -o (--output)",
        ["--connect-timeout"] = "the longest wait is --timeout, in seconds",
        ["--rcv-timeout"] = "the longest wait is --timeout, in seconds",
        ["--minbytes"] = "the smallest size is -b (--bytes)",
        ["--maxbytes"] = ForeignLetters["-e"],
        ["--stepfactor"] = "the factor from one size to the next is -S (--step)",
        ["--stepbytes"] = "to add to the size use --step-bytes",
        ["--datatype"] = "element types are --dtype",
        ["--ngpus"] = "the number of ranks is -n (local) or -g (each process)",
        ["--nthreads"] = "the number of ranks is -n (local) or -g (each process)",
        ["--check"] = "to check the results use --verify",
        ["--blocking"] = ForeignLetters["-z"],
        ["--agg_iters"] = ForeignLetters["-m"],
        ["--local_register"] = "buffer registration is --register none, local or symmetric",
        ["--average"] = ForeignLetters["-a"],
        ["--cudagraph"] = ForeignLetters["-G"],
    };

    /// <summary>The message for a word that looks like an option and is none of <paramref name="table"/>.</summary>
    public static string ForUnknownOption(string word, IReadOnlyList<OptionDefinition> table)
    {
        string name = word.Split('=', 2)[0];
        if (table == LaunchTable.All) return ForUnknownLaunchOption(word, name);
        if (table == CompareLine.Options || table == ReportLine.Options)
            return $"{name}: unknown option{Spelling.DidYouMean(name, [.. table.Select(option => option.Name)])}";
        foreach ((string command, IReadOnlyList<OptionDefinition> options) in new[] { (CompareLine.Word, CompareLine.Options), (ReportLine.Word, ReportLine.Options) })
        {
            if (options.Any(option => option.Name == name && !OptionTable.All.Any(other => other.Name == name)))
                return $"{name}: unknown option; it belongs to nperf {command}";
        }

        if (LaunchTable.All.Any(option => option.Name == name)) return $"{name}: unknown option; it belongs to nperf {LaunchLine.Word}";
        if (name.StartsWith("--", StringComparison.Ordinal))
        {
            if (ForeignNames.TryGetValue(name, out string? hint)) return $"{name}: unknown option; {hint}";
            string[] names = [.. OptionTable.All.Select(option => option.Name)];
            return $"{name}: unknown option{Spelling.DidYouMean(name, names)}";
        }

        string letter = word[..2]; // Of "-=x" the name is shorter.
        if (ForeignLetters.TryGetValue(letter, out string? habit)) return $"{letter}: unknown option; {habit}";
        return OptionTable.All.Any(option => option.Name == "-" + name)
            ? $"{name}: unknown option; did you mean -{name}?"
            : $"{name}: unknown option";
    }

    private static string ForUnknownLaunchOption(string word, string name)
    {
        bool isOfRun = OptionTable.All.Any(option => option.Name == name || option.Letter == word[..2]);
        if (isOfRun) return $"{name}: belongs to the run: it goes behind --";
        return $"{name}: unknown option{Spelling.DidYouMean(name, [.. LaunchTable.All.Select(option => option.Name)])}";
    }

    /// <summary>The message for a word that belongs to no option.</summary>
    public static string ForStrayWord(string word)
    {
        if (Core.Collectives.Operations.Find(word) is not null)
            return $"'{word}': unexpected; did you mean --op {word}?";
        if (PatternCombinations.Words.Contains(word))
            return $"'{word}': unexpected; it goes first: nperf {word}, or with its option: {OptionTable.Pattern.Name} {word}";
        if (OptionTable.All.Any(option => option.Name == "--" + word && option.Value is null)) return $"'{word}': unexpected; did you mean --{word}?";
        if (word == "-1") return $"'{word}': unexpected; {ForeignNames["--one-off"]}";
        if (CommandTable.Of([word]) is not null) return $"'{word}': unexpected; it goes first: nperf {word}";
        bool isHost = HostAndPort.Read(word, out _) is null && (word.Contains('.') || word.Contains(':'));
        return isHost
            ? $"'{word}': unexpected; to join the server there use -c {word}"
            : $"'{word}': unexpected; every value follows its option";
    }

    /// <summary>What a wrong value of <paramref name="option"/> was probably meant to say, or null.</summary>
    public static string? ForValue(OptionDefinition option, string text)
    {
        if (option == OptionTable.Output)
        {
            bool isReduction = text is "sum" or "prod" or "min" or "max" or "avg" or "all";
            return isReduction ? $"reductions are --redop {text}; a file of that name is ./{text}" : null;
        }

        if (option == OptionTable.Format && text is "k" or "m" or "g" or "t" or "K" or "M" or "G" or "T")
            return "figures are always in GB/s";
        if (option == OptionTable.Client && text is "0" or "1") return "to check the results use --verify";
        if (option == OptionTable.MaxBytes && HostAndPort.Read(text, out _) is null && text.Contains('.'))
            return "the address to listen on is --bind, the network for the data --interface";
        bool isSize = text.Length > 0 && char.IsAsciiLetter(text[^1]) && Values.Size(text, out _) is null;
        if (option == OptionTable.Warmup && isSize) return "nperf leaves TCP windows to the kernel";
        if (option == OptionTable.NumGpus && isSize) return "the size is -b (--bytes)";
        return option == OptionTable.Iters && text.Contains('.') ? "progress reports are --interval" : null;
    }
}
