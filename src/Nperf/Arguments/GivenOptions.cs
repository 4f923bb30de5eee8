using System.CommandLine;
using System.CommandLine.Parsing;

namespace Nperf.Arguments;

/// <summary>Reads a value. Returns null, or what is wrong: the end of a sentence that begins with the text.</summary>
internal delegate string? ValueReader<T>(string text, out T value);

/// <summary>
/// The words of a command line by option, and the mistakes found so far. System.CommandLine divides the words
/// (<c>--name=value</c>, <c>-n4</c>, <c>-Jv</c>); values and messages are nperf's own.
/// </summary>
internal sealed class GivenOptions
{
    private readonly IReadOnlyList<OptionDefinition> _table;
    private readonly Dictionary<OptionDefinition, OptionResult> _results = [];
    private readonly HashSet<OptionDefinition> _wrong = [];
    private readonly List<string> _errors = [];
    private readonly List<string> _unknownWords;

    /// <summary>Divides <paramref name="args"/> among the options of <paramref name="table"/>.</summary>
    public GivenOptions(IReadOnlyList<string> args, IReadOnlyList<OptionDefinition> table)
    {
        _table = table;

        // The root's own help, version and directives ([diagram]) are not wanted, nor are response files (@name).
        var root = new RootCommand();
        root.Options.Clear();
        root.Directives.Clear();
        var options = new Dictionary<OptionDefinition, Option>();
        foreach (OptionDefinition definition in table)
        {
            Option<string[]> option = ToOption(definition);
            options.Add(definition, option);
            root.Options.Add(option);
        }

        ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        foreach ((OptionDefinition definition, Option option) in options)
        {
            if (parsed.GetResult(option) is { Implicit: false } result) _results.Add(definition, result);
        }

        _unknownWords = [.. WordsPassedOver(args, parsed), .. parsed.UnmatchedTokens];
        CheckOccurrences();
    }

    /// <summary>Every mistake so far, one line each.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>True when <paramref name="option"/> was typed.</summary>
    public bool Has(OptionDefinition option) => _results.ContainsKey(option);

    /// <summary>True when <paramref name="option"/> was typed, with a value that could be read.</summary>
    public bool HasGood(OptionDefinition option) => Has(option) && !_wrong.Contains(option);

    /// <summary>True unless <paramref name="option"/> was typed with a value that could not be read.</summary>
    public bool IsSound(OptionDefinition option) => !_wrong.Contains(option);

    /// <summary>The value's text, or null where there is none.</summary>
    public string? Text(OptionDefinition option)
    {
        if (!_results.TryGetValue(option, out OptionResult? result) || result.Tokens.Count == 0) return null;
        string text = result.Tokens[0].Value;
        return option.ValueIsOptional && LooksLikeOption(text) ? null : text;
    }

    /// <summary>The value, or <paramref name="fallback"/> where it is absent or wrong.</summary>
    public T Read<T>(OptionDefinition option, ValueReader<T> reader, T fallback)
    {
        if (!HasGood(option) || Text(option) is not { } text) return fallback;
        if (reader(text, out T value) is not { } mistake) return value;
        string hint = Hints.ForValue(option, text) is { } found ? $" ({found})" : "";
        Refuse(option, $"'{text}' {mistake}{hint}");
        return fallback;
    }

    /// <summary>Each value of an option that may be repeated, as far as they can be read.</summary>
    public IReadOnlyList<T> ReadAll<T>(OptionDefinition option, ValueReader<T?> reader)
    {
        var values = new List<T>();
        if (!HasGood(option)) return values;
        foreach (string text in _results[option].Tokens.Select(token => token.Value))
        {
            if (reader(text, out T? value) is { } mistake) Refuse(option, $"'{text}' {mistake}");
            else values.Add(value!);
        }

        return values;
    }

    /// <summary>
    /// <paramref name="option"/> as words that are read as it was, whatever its value; none where it was not typed.
    /// </summary>
    public IEnumerable<string> Words(OptionDefinition option)
    {
        if (!Has(option)) return [];
        if (option.MayRepeat) return _results[option].Tokens.Select(token => $"{option.Name}={token.Value}");
        if (Text(option) is not { } text) return [option.Display];
        bool isPlain = text.Length > 0 && text[0] != '-' && !option.ValueIsOptional;
        return isPlain ? [option.Display, text] : [$"{option.Name}={text}"];
    }

    /// <summary>Notes a mistake about <paramref name="option"/>.</summary>
    public void Refuse(OptionDefinition option, string mistake)
    {
        // One wrong value is one mistake, also where two readers meet it (--timeout).
        if (_wrong.Add(option) || option.MayRepeat) _errors.Add($"{option.Display}: {mistake}");
    }

    /// <summary>Notes a mistake about the environment variable <paramref name="variable"/>.</summary>
    public void RefuseVariable(string variable, string mistake) => _errors.Add($"{variable}: {mistake}");

    /// <summary>Notes a mistake that no option made.</summary>
    public void Refuse(string mistake) => _errors.Add(mistake);

    /// <summary>The words that belong to no option and look like none, taken out: they are no mistakes then.</summary>
    public IReadOnlyList<string> TakeWords()
    {
        string[] words = [.. _unknownWords.Where(word => !LooksLikeOption(word))];
        _unknownWords.RemoveAll(words.Contains);
        return words;
    }

    /// <summary>Notes each word that belongs to no option, once, with what was probably meant.</summary>
    public void ReportUnknownWords()
    {
        var reported = new HashSet<string>();
        for (int i = 0; i < _unknownWords.Count; i++)
        {
            string word = _unknownWords[i];
            bool isNew = reported.Add(word);
            if (!LooksLikeOption(word))
            {
                if (isNew) _errors.Add(Hints.ForStrayWord(word));
                continue;
            }

            if (isNew) _errors.Add(Hints.ForUnknownOption(word, _table));
            // The word after an unknown option is taken for its value: it is no mistake of its own.
            if (i + 1 < _unknownWords.Count && !LooksLikeOption(_unknownWords[i + 1])) i++;
        }
    }

    private static bool LooksLikeOption(string word) =>
        word.Length > 1 && word[0] == '-' && (!char.IsAsciiDigit(word[1]) || word is "-4" or "-6");

    private static Option<string[]> ToOption(OptionDefinition definition) =>
        new Option<string[]>(definition.Name, definition.Letter is null ? [] : [definition.Letter])
        {
            // How often an option stands and whether its value is missing is judged here, in nperf's words.
            Arity = definition.Value is null ? ArgumentArity.Zero : ArgumentArity.ZeroOrMore,
            CustomParser = _ => [],
        };

    // What the parser takes without making it a value or an unmatched word.
    private IEnumerable<string> WordsPassedOver(IReadOnlyList<string> args, ParseResult parsed)
    {
        if (args.Count > 0 && (args[0] == RootCommand.ExecutableName || args[0] == RootCommand.ExecutablePath))
            yield return args[0];
        foreach (Token token in parsed.Tokens.Where(token => token.Type == TokenType.Directive))
            yield return token.Value;
        foreach (OptionDefinition option in _table.Where(option => option.ValueIsOptional))
        {
            if (parsed.GetResult(option.Name) is not OptionResult result) continue;
            foreach (Token token in result.Tokens.Where(token => LooksLikeOption(token.Value)))
                yield return token.Value;
        }
    }

    private void CheckOccurrences()
    {
        foreach ((OptionDefinition option, OptionResult result) in _results)
        {
            int times = option.MayRepeat ? result.IdentifierTokenCount : 1;
            if (result.IdentifierTokenCount > times)
                Refuse(option, "given more than once; name it once");
            else if (option.Value is not null && result.Tokens.Count < times && !option.ValueIsOptional)
                Refuse(option, $"needs a value: {option.Display} {option.Value}");
        }
    }
}
