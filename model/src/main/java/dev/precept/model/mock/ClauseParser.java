package dev.precept.model.mock;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses the clauses in a text line by line; a heading with an id starts one. */
final class ClauseParser {
    private static final Pattern HEADING = Pattern.compile("(#{1,6})\\s+(.*)");
    private static final Pattern FENCE = Pattern.compile("\\s*(```|~~~).*");

    private final ClauseHints hints;
    private final List<ParsedClause> clauses = new ArrayList<>();
    private final StringBuilder body = new StringBuilder();
    private String id = "";
    private String heading = "";
    private int level;
    private boolean fenced;

    private ClauseParser(ClauseHints hints) {
        this.hints = hints;
    }

    static List<ParsedClause> parse(String text, ClauseHints hints) {
        ClauseParser parser = new ClauseParser(hints);
        text.lines().forEach(parser::line);
        parser.end();
        return parser.clauses;
    }

    private void line(String line) {
        fenced ^= FENCE.matcher(line).matches();
        Matcher title = HEADING.matcher(line);
        if (!fenced && title.matches()) {
            heading(title, line);
        } else if (!fenced && line.startsWith("<<")) {
            end();
        } else {
            body.append(line).append('\n');
        }
    }

    /** A heading without an id is part of the current clause, unless its level is the same or higher. */
    private void heading(Matcher title, String line) {
        int depth = title.group(1).length();
        String text = title.group(2).strip();
        int braces = text.endsWith("}") ? text.lastIndexOf("{#") : -1;
        if (braces < 0 && depth > level) {
            body.append(line).append('\n');
            return;
        }
        end();
        if (braces >= 0) {
            id = text.substring(braces + 2, text.length() - 1);
            heading = text.substring(0, braces).strip();
            level = depth;
        }
    }

    private void end() {
        if (!id.isEmpty()) {
            Optional<ClauseHints.Hint> hint = hints.of(id);
            Set<String> words =
                    Keywords.of(heading + hint.map(known -> " " + known.words()).orElse(""));
            clauses.add(new ParsedClause(
                    id,
                    heading,
                    hint.map(ClauseHints.Hint::action),
                    words,
                    body.toString().strip()));
        }
        id = "";
        level = 0;
        body.setLength(0);
    }
}
