package dev.precept.spec.citation;

import dev.precept.spec.Citations;
import dev.precept.spec.Specification;
import dev.precept.spec.UnknownCitations;
import dev.precept.spec.citation.CitationReport.Cited;
import dev.precept.spec.citation.CitationReport.FalseCitation;
import dev.precept.spec.citation.CitationReport.Form;
import dev.precept.text.SearchedText;
import dev.precept.text.VisiblePlaces;
import dev.precept.text.WordHashes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads what a reasoning cites of one specification: ids, headings, numbers where the specification numbers its headings, and
 * quotes. A clause of which the text only says that it does not apply is not cited. What the conversation holds is the
 * user's. Immutable; a reading takes time proportional to the text.
 */
public final class CitationReader {
    /** Between a heading and its number, or an id and its heading. */
    private static final Pattern BESIDE =
            Pattern.compile("(?i)[\\s,:(\\[\\])–—*-]{0,4}(?:(?:the|under|safety|policy|of|in)\\s){0,3}[\"“(\\[]?");

    private static final int BESIDE_LENGTH = 24;

    /** No id has another one within it. */
    private static final Pattern TOKEN = Pattern.compile("[\\p{L}\\p{N}_-]++");

    private final Specification specification;
    private final Citations ids;
    private final UnknownCitations unknown;
    private final ClauseNumbers numbers;
    private final NameMentions names;
    private final UnknownNames unknownNames;
    private final NumberMentions numberMentions;
    private final ClauseRuns runs;
    private final QuoteMentions quotes;

    public CitationReader(Specification specification) {
        this.specification = specification;
        ids = Citations.of(specification);
        unknown = new UnknownCitations(specification);
        numbers = new ClauseNumbers(specification);
        ClauseNames clauseNames = new ClauseNames(specification, numbers);
        names = new NameMentions(clauseNames);
        runs = new ClauseRuns(specification);
        unknownNames = new UnknownNames(clauseNames);
        numberMentions = new NumberMentions(numbers);
        quotes = new QuoteMentions(runs);
    }

    /**
     * @param conversation the text of all turns
     * @param categories of the prompt; none: the prompt has the whole specification
     */
    public CitationReport read(SearchedText reasoning, SearchedText conversation, List<String> categories) {
        Passage passage = Passage.read(reasoning);
        long[] hashes = WordHashes.runs(passage.wordHashes(), ClauseRuns.LENGTH);
        Set<FalseCitation> falseOnes = new LinkedHashSet<>();
        unknown.find(reasoning, conversation).forEach(id -> falseOnes.add(new FalseCitation(Form.ID, id)));
        Map<String, List<Mention>> byClause = new LinkedHashMap<>();
        for (Mention mention : mentions(passage, hashes, new Conversation(conversation))) {
            if (mention.isFalse()) {
                falseOnes.add(new FalseCitation(mention.forms().getFirst(), mention.text(passage.text())));
            }
            mention.clauses()
                    .forEach(id ->
                            byClause.computeIfAbsent(id, _ -> new ArrayList<>()).add(mention));
        }
        ClausePlaces places = new ClausePlaces(specification, categories);
        List<Cited> cited = byClause.entrySet().stream()
                .map(entry -> new Cited(
                        entry.getKey(),
                        entry.getValue().stream()
                                .flatMap(mention -> mention.forms().stream())
                                .distinct()
                                .toList(),
                        entry.getValue().size(),
                        places.of(entry.getKey())))
                .toList();
        return new CitationReport(cited, List.copyOf(falseOnes), verbatim(passage, hashes));
    }

    /**
     * The places of the citations of {@link #read} in the original text, in order. Places may overlap: a quote may hold the
     * name of its clause.
     */
    public List<CitedSpan> locate(SearchedText reasoning, SearchedText conversation) {
        Passage passage = Passage.read(reasoning);
        long[] hashes = WordHashes.runs(passage.wordHashes(), ClauseRuns.LENGTH);
        VisiblePlaces places = VisiblePlaces.of(reasoning.original());
        List<CitedSpan> spans = new ArrayList<>();
        for (Mention mention : mentions(passage, hashes, new Conversation(conversation))) {
            spans.add(new CitedSpan(
                    places.start(mention.start()),
                    places.end(mention.end()),
                    mention.forms().getFirst(),
                    mention.clauses().stream().findFirst()));
        }
        for (Citations.Located cited : located(unknown.find(reasoning, conversation), passage.text())) {
            spans.add(new CitedSpan(places.start(cited.start()), places.end(cited.end()), Form.ID, Optional.empty()));
        }
        spans.sort(Comparator.comparingInt(CitedSpan::start).thenComparingInt(CitedSpan::end));
        return List.copyOf(spans);
    }

    /** The places of ids that do not exist: as those of clauses, or, of one in a longer bracket, each whole token. */
    private static List<Citations.Located> located(List<String> missing, String text) {
        List<Citations.Located> located = new ArrayList<>(new Citations(missing).locate(text));
        Set<String> left = new HashSet<>(missing);
        located.forEach(found -> left.remove(found.id()));
        if (!left.isEmpty()) {
            TOKEN.matcher(text)
                    .results()
                    .filter(token -> left.contains(token.group()))
                    .forEach(token -> located.add(new Citations.Located(token.group(), token.start(), token.end())));
        }
        return located;
    }

    /** All mentions in order, without those that are negated. */
    List<Mention> mentions(Passage passage, long[] hashes, Conversation conversation) {
        List<Mention> named = new ArrayList<>(ids.locate(passage.text()).stream()
                .map(found -> Mention.of(found.start(), found.end(), Form.ID, List.of(found.id())))
                .toList());
        named.addAll(names.find(passage, conversation));
        named.sort(Comparator.comparingInt(Mention::start));
        named = Stream.concat(named.stream(), numberMentions.find(passage, named, conversation).stream())
                .sorted(Comparator.comparingInt(Mention::start).thenComparingInt(Mention::end))
                .toList();
        List<Mention> merged = new ArrayList<>();
        for (Mention mention : resolved(named)) {
            Mention before = merged.isEmpty() ? null : merged.getLast();
            if (before != null && isBeside(passage.text(), before, mention)) {
                merged.set(merged.size() - 1, join(before, mention));
            } else {
                merged.add(mention);
            }
        }
        merged.addAll(unknownNames.find(passage, conversation, merged, runs));
        merged.addAll(quotes.find(passage, hashes, conversation));
        return merged.stream()
                .filter(mention -> mention.isFalse() || !Negation.isNegated(passage.text(), mention))
                .sorted(Comparator.comparingInt(Mention::start))
                .toList();
    }

    /** A name of several clauses is the one within the clause that was named last, if there is one; else none is meant. */
    private List<Mention> resolved(List<Mention> mentions) {
        List<Mention> resolved = new ArrayList<>();
        String last = "";
        for (Mention mention : mentions) {
            Mention one = mention;
            if (mention.clauses().size() > 1) {
                String number = String.valueOf(numbers.number(last));
                String top = number.contains(".") ? number.substring(0, number.indexOf('.')) : number;
                List<String> within = mention.clauses().stream()
                        .filter(id -> String.valueOf(numbers.number(id)).startsWith(top + "."))
                        .toList();
                if (within.size() != 1) {
                    continue;
                }
                one = new Mention(mention.start(), mention.end(), mention.forms(), within);
            }
            last = one.isFalse() ? last : one.clauses().getFirst();
            resolved.add(one);
        }
        return resolved;
    }

    /** Whether two mentions are one citation: a heading with its number, or an id with its heading. */
    private boolean isBeside(String text, Mention before, Mention mention) {
        if (before.isFalse() || mention.isFalse() || before.forms().equals(mention.forms())) {
            return false;
        }
        int gap = mention.start() - before.end();
        boolean near = gap <= 0
                || (gap <= BESIDE_LENGTH
                        && BESIDE.matcher(text.substring(before.end(), mention.start()))
                                .matches());
        return near && isWithin(before.clauses().getFirst(), mention.clauses().getFirst());
    }

    private boolean isWithin(String one, String other) {
        String first = String.valueOf(numbers.number(one));
        String second = String.valueOf(numbers.number(other));
        return one.equals(other)
                || (numbers.number(one) != null
                        && numbers.number(other) != null
                        && (second.startsWith(first + ".") || first.startsWith(second + ".")));
    }

    private Mention join(Mention before, Mention mention) {
        String first = before.clauses().getFirst();
        String second = mention.clauses().getFirst();
        boolean deeper = String.valueOf(numbers.number(second)).length()
                > String.valueOf(numbers.number(first)).length();
        List<Form> forms = Stream.concat(before.forms().stream(), mention.forms().stream())
                .distinct()
                .toList();
        return new Mention(
                Math.min(before.start(), mention.start()),
                Math.max(before.end(), mention.end()),
                forms,
                List.of(deeper ? second : first));
    }

    private double verbatim(Passage passage, long[] hashes) {
        int words = passage.words().size();
        int counted = 0;
        int covered = 0; // words before this one are counted, or not in a run
        for (int at = 0; at < hashes.length; at++) {
            if (runs.contains(hashes[at])) {
                int from = Math.max(covered, at);
                counted += at + ClauseRuns.LENGTH - from;
                covered = at + ClauseRuns.LENGTH;
            }
        }
        return words == 0 ? 0 : (double) counted / words;
    }
}
