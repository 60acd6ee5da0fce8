package dev.precept.chattemplate;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A chat template, rendered as tokenizers render it: Jinja with {@code trim_blocks}, {@code lstrip_blocks}, loop controls,
 * {@code {% generation %}}, {@code raise_exception}, {@code strftime_now} and the {@code tojson} of transformers. A template
 * reads only the values passed in, and a rendering that exceeds its budget fails. Immutable and thread-safe.
 */
public final class Template {
    private static final LocalDateTime NOW = LocalDateTime.of(2026, 1, 2, 3, 4, 5);
    private static final Map<String, Value> GLOBALS = Map.copyOf(Globals.of(NOW));

    private final List<Node> nodes;
    private final Set<String> words;

    private Template(List<Node> nodes, Set<String> words) {
        this.nodes = nodes;
        this.words = words;
    }

    /** @throws TemplateSyntaxException if the text is not a template, or uses what is not supported, such as {@code include} */
    public static Template parse(String text) throws TemplateSyntaxException {
        List<Token> tokens = Lexer.tokens(text);
        Set<String> words = tokens.stream()
                .filter(token -> token.kind() == Token.Kind.NAME || token.kind() == Token.Kind.STRING)
                .map(Token::text)
                .collect(Collectors.toUnmodifiableSet());
        return new Template(StatementParser.parse(tokens), words);
    }

    /** Whether a word is a name or a string literal in one of the template's tags. */
    public boolean mentions(String word) {
        return words.contains(word);
    }

    /** Renders the template. Deterministic: {@code strftime_now} returns a fixed date. */
    public Rendering render(Map<String, Value> values) {
        Scope scope = Scope.of(GLOBALS).child();
        values.forEach(scope::set);
        try {
            return new Rendering.Rendered(new Renderer().render(nodes, scope.child()));
        } catch (RenderFailure failure) {
            return new Rendering.Failed(failure.reason(), failure.line());
        }
    }
}
