using Nperf.Core.Results;
using Nperf.Core.Tests.Machine;
using Nperf.Core.Topology;

namespace Nperf.Core.Tests.Topology;

/// <summary>GPUs that a CUDA driver and NVML, in one stand-in library, tell of.</summary>
internal sealed record StandInGpus
{
    /// <summary>The end of an NVLink that is an NVSwitch.</summary>
    public const int Switch = -1;

    /// <summary>An NVLink that is down.</summary>
    public const int Down = -2;

    /// <summary>Each GPU's PCI bus; the address is <c>0000:BUS:00.0</c>.</summary>
    public required string[] Buses { get; init; }

    /// <summary>For each GPU of NVML, what each of its links leads to: a GPU's number or one of the constants.</summary>
    public required int[][] Links { get; init; }

    /// <summary>NVML's levels between the GPUs.</summary>
    public int[][]? Levels { get; init; }

    /// <summary>CUDA's GPUs by NVML's numbers; null is all in the same order.</summary>
    public int[]? Visible { get; init; }

    /// <summary>The version of the links by NVML's count: 6 is NVLink 4.</summary>
    public int Version { get; init; } = 6;

    /// <summary>MB/s of a link as signalled, or 0: not told.</summary>
    public int Speed { get; init; } = 26562;

    /// <summary>More for the compiler, before the rest.</summary>
    public string Defines { get; init; } = "";

    /// <summary>The addresses of the switches, link after link in turn.</summary>
    public string[] Switches { get; init; } =
        ["00000000:05:00.0", "00000000:06:00.0", "00000000:07:00.0", "00000000:08:00.0"];

    public HostTopology Read(string sysfs)
    {
        using var library = new StandInLibrary(Source());
        return HostTopologyReader.Read("node1", library.Path, library.Path, sysfs);
    }

    private string Source()
    {
        int count = Buses.Length, links = Links.Max(of => of.Length);
        int[] visible = Visible ?? [.. Enumerable.Range(0, count)];
        int[][] levels = Levels ?? [.. Buses.Select(_ => Buses.Select(_ => 50).ToArray())];
        return $$"""
            #define GPUS {{count}}
            #define LINKS {{links}}
            #define VERSION {{Version}}
            #define SPEED {{Speed}}
            static const char *bus[] = { {{List(Buses.Select(Quoted))}} };
            static const int link_to[GPUS][LINKS + 1] = { {{Rows(Links)}} };
            static const int level[GPUS][GPUS + 1] = { {{Rows(levels)}} };
            static const char *switches[] = { {{List(Switches.Select(Quoted))}} };
            static const int switch_count = {{Switches.Length}};
            static const int visible[] = { {{List(visible)}} };
            static const int visible_count = {{visible.Length}};
            {{Defines}}
            {{Library}}
            """;
    }

    private static string Quoted(string text) => $"\"{text}\"";

    private static string List<T>(IEnumerable<T> items) => string.Join(", ", items);

    private static string Rows(int[][] rows)
    {
        int longest = rows.Max(row => row.Length);
        return List(rows.Select(row => $"{{ {List(row.Concat(Enumerable.Repeat(Down, longest + 1 - row.Length)))} }}"));
    }

    private const string Library = """
        #include <stddef.h>
        #include <stdio.h>
        #include <string.h>
        int cuInit(unsigned flags) { return 0; }
        int cuDriverGetVersion(int *version) { *version = 13000; return 0; }
        int cuDeviceGetCount(int *count) { *count = visible_count; return 0; }
        int cuDeviceGet(int *device, int index) { *device = visible[index]; return 0; }
        int cuDeviceGetName(char *name, int length, int device) { strncpy(name, "A GPU", length); return 0; }
        int cuDeviceTotalMem_v2(size_t *bytes, int device) { *bytes = 150000000000; return 0; }
        int cuDeviceGetPCIBusId(char *id, int length, int device) {
            snprintf(id, length, "0000:%s:00.0", bus[device]);
            return 0;
        }
        int cuDeviceGetUuid(unsigned char *uuid, int device) { memset(uuid, device + 1, 16); return 0; }
        int cuGetErrorName(int status, const char **name) { return 1; }
        int cuGetErrorString(int status, const char **text) { return 1; }

        typedef struct {
            char legacy[16]; unsigned domain, bus, device, device_id, subsystem_id; char id[32];
        } pci_info;
        typedef struct {
            unsigned field, scope; long long timestamp, latency; int type, status; union { double d; unsigned u; } value;
        } field_value;
        static char device[GPUS];
        static int number(void *handle) { return (char *)handle - device; }
        static int ready;
        int nvmlInit_v2(void) { ready = 1; return 0; }
        int nvmlShutdown(void) { ready = 0; return 0; }
        int nvmlSystemGetDriverVersion(char *version, unsigned length) { *version = 0; return 0; }
        const char *nvmlErrorString(int status) { return "an error"; }
        int nvmlDeviceGetCount_v2(unsigned *count) { *count = GPUS; return ready ? 0 : 1; }
        int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **handle) {
        #ifdef FORBIDDEN
            if (index == FORBIDDEN) return 4;
        #endif
            *handle = device + index;
            return 0;
        }
        int nvmlDeviceGetUUID(void *handle, char *uuid, unsigned length) {
        #ifdef OTHER_UUIDS
            strncpy(uuid, "GPU-of another form", length);
        #else
            int byte = number(handle) + 1;
            char *end = uuid + sprintf(uuid, "GPU-");
            for (int i = 0; i < 16; i++) end += sprintf(end, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02X" : "%02X", byte);
        #endif
            return 0;
        }
        int nvmlDeviceGetPciInfo_v3(void *handle, pci_info *info) {
            memset(info, 0, sizeof *info);
            snprintf(info->id, sizeof info->id, "00000000:%s:00.0", bus[number(handle)]);
            return 0;
        }
        int nvmlDeviceGetNvLinkState(void *handle, unsigned link, int *up) {
        #ifdef STATE_BY_FIELD
            return 3;
        #endif
        #ifdef LOST
            if (number(handle) == LOST) return 15;
        #endif
            if (link >= LINKS) return 2;
            *up = link_to[number(handle)][link] != -2;
            return 0;
        }
        #ifndef NO_PEERS
        int nvmlDeviceGetNvLinkRemoteDeviceType(void *handle, unsigned link, int *kind) {
            *kind = link_to[number(handle)][link] < 0 ? 2 : 0;
            return 0;
        }
        #endif
        int nvmlDeviceGetNvLinkRemotePciInfo_v2(void *handle, unsigned link, pci_info *info) {
            int to = link_to[number(handle)][link];
            memset(info, 0, sizeof *info);
            if (to < 0) strncpy(info->id, switches[link % switch_count], sizeof info->id);
            else nvmlDeviceGetPciInfo_v3(device + to, info);
            return 0;
        }
        int nvmlDeviceGetNvLinkVersion(void *handle, unsigned link, unsigned *version) {
            *version = VERSION;
            return VERSION ? 0 : 3;
        }
        #ifndef NO_FIELDS
        int nvmlDeviceGetFieldValues(void *handle, int count, field_value *values) {
            for (int i = 0; i < count; i++) {
                memset(&values[i].value, 0xEE, sizeof values[i].value);
                values[i].type = 1;
                values[i].status = 3;
        #ifdef STATE_BY_FIELD
                if (values[i].field == 165 && values[i].scope < LINKS) {
                    values[i].status = 0;
                    values[i].value.u = link_to[number(handle)][values[i].scope] != -2;
                }
        #endif
                if (values[i].field == 90 && SPEED) { values[i].status = 0; values[i].value.u = SPEED; }
            }
            return 0;
        }
        #endif
        #ifndef NO_LEVELS
        int nvmlDeviceGetTopologyCommonAncestor(void *one, void *other, int *found) {
            *found = level[number(one)][number(other)];
            return 0;
        }
        #endif
        """;
}
