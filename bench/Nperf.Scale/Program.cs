using System.Globalization;
using Nperf.Core.Machine;
using Nperf.Core.Options;
using Nperf.Scale;

// nperf-scale N...: a table row for each number of clients, without and with a token. "server N" is for itself.
OpenFileLimit.Raise();
if (args is ["server", var expected])
{
    string? text = Environment.GetEnvironmentVariable(Token.Variable);
    Token? given = null;
    if (text is not null) Token.Read(text, out given);
    return MeasuredServer.Run(int.Parse(expected, CultureInfo.InvariantCulture), given);
}

Token.Read("a token for measuring", out Token? token);
int[] counts = [.. args.Select(arg => int.Parse(arg, CultureInfo.InvariantCulture))];
Console.WriteLine(ScaleTable.Head);
foreach (Token? one in (Token?[])[null, token])
{
    foreach (int clients in counts) Console.WriteLine(ScaleTable.Row(await Trial.RunAsync(clients, one)));
}

return 0;
