package dev.precept.dataset.evidence;

import dev.precept.dataset.CommittedDataset;
import dev.precept.dataset.Layout;
import dev.precept.dataset.NeutralRows;
import dev.precept.records.CanaryExpectation;
import dev.precept.records.CitationFindings;
import dev.precept.records.CitedClause;
import dev.precept.records.FalseCitation;
import dev.precept.records.Generator;
import dev.precept.records.Leak;
import dev.precept.records.Message;
import dev.precept.records.PersonalFinding;
import dev.precept.records.Rejection;
import dev.precept.records.ResponseStyle;
import dev.precept.records.Sample;
import dev.precept.records.ScreenFindings;
import dev.precept.records.Usage;
import dev.precept.records.Vote;
import dev.precept.spec.SpecFolder;
import dev.precept.spec.Specification;
import dev.precept.spec.citation.CitationReader;
import dev.precept.spec.citation.CitationReport;
import dev.precept.text.SearchedText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A dataset with everything that evidence counts, as a function of row numbers. */
final class EvidenceRows {
    private static final List<ResponseStyle> STYLES = List.of(ResponseStyle.values());
    static final int SAMPLES = 90;
    static final int ATTEMPTS = 40;
    /** Every so many samples have tools, from this one on. */
    private static final int TOOLS_EVERY = 15;

    private static final int TOOLS_AT = 7;

    private final Specification specification;
    private final CitationReader reader;
    private final boolean isSearched;

    private EvidenceRows(Path rules, boolean isSearched) throws IOException {
        this.isSearched = isSearched;
        Files.createDirectories(rules);
        Files.writeString(rules.resolve("spec.yaml"), """
                name: kitchen
                principles: [be_brief]
                categories:
                  - name: Knives
                    summary: Sharp things.
                    clauses: [knives-K1]
                  - name: Fire
                    summary: Hot things.
                    clauses: [fire-F1]
                """);
        Files.writeString(rules.resolve("clauses.md"), """
                ## Hold it well {#knives-K1 action=refuse}

                By the handle.

                ## Be brief {#be_brief}

                Few words.

                ## Put it out {#fire-F1 action=comply}

                With a lid.
                """);
        specification = SpecFolder.load(rules);
        reader = new CitationReader(specification);
    }

    /** A dataset of one complete run. */
    static CommittedDataset commit(Path folder, boolean withDocument) throws IOException {
        return commit(folder, withDocument, false);
    }

    /** @param isSearched whether the screens were on for all rows, and not only for nine of ten */
    static CommittedDataset commit(Path folder, boolean withDocument, boolean isSearched) throws IOException {
        EvidenceRows rows = new EvidenceRows(folder.resolve("rules"), isSearched);
        CommittedDataset dataset = new CommittedDataset(
                folder.resolve("dataset"),
                folder.resolve("spool"),
                "{\"judge.votes\":\"2\",\"judge.threshold\":\"6.0\",\"judge.model\":\"strict, mild\"}");
        dataset.store()
                .createIfAbsent(Layout.specification(rows.specification.version()), rows.specification.compile());
        dataset.samples(
                0, IntStream.range(0, SAMPLES / 2).mapToObj(rows::sample).toList());
        dataset.samples(
                1, IntStream.range(SAMPLES / 2, SAMPLES).mapToObj(rows::sample).toList());
        dataset.rejections(
                0, IntStream.range(0, ATTEMPTS).mapToObj(rows::attempt).toList());
        dataset.rejections(
                1, IntStream.range(200, 220).mapToObj(NeutralRows::rejection).toList());
        dataset.complete();
        if (withDocument && !document().store(dataset.dataset())) {
            throw new AssertionError("the run has a document");
        }
        return dataset;
    }

    /** The slot and attempt of a rejected attempt. */
    static String attemptId(int n) {
        Rejection attempt = NeutralRows.attempt(n + 60, 1, 1, 2);
        return attempt.getSlotId() + "/" + attempt.getAttempt();
    }

    static RunEvidence document() {
        RunEvidence.RoleSpend spend = new RunEvidence.RoleSpend(1, 10, Map.of(), 100, 0, 50, 0, 1.25, 0, 0);
        List<RunEvidence.Canary> canaries = new ArrayList<>();
        for (int n = 0; n < 8; n++) {
            canaries.add(new RunEvidence.Canary("bad-" + n, CanaryExpectation.TURN_AWAY, n == 0 ? 3 : 0, 5, 1));
            canaries.add(new RunEvidence.Canary("good-" + n, CanaryExpectation.KEEP, 6, n == 1 ? 2 : 0, 0));
        }
        return new RunEvidence(
                NeutralRows.RUN, Instant.EPOCH, 0, Map.of("generator", spend, "judge", spend), Map.of(), canaries);
    }

    private Sample sample(int n) {
        Sample plain = NeutralRows.plain(NeutralRows.sample(n));
        List<String> categories = n % 4 == 0 ? List.of("Fire", "Knives") : List.of(n % 2 == 0 ? "Knives" : "Fire");
        String reasoning = reasoning(n);
        List<Message> messages = new ArrayList<>(plain.getMessages());
        messages.set(
                messages.size() - 1,
                Message.newBuilder(messages.getLast())
                        .setReasoningContent(reasoning)
                        .build());
        List<Vote> votes = votes(n, 6);
        return Sample.newBuilder(plain)
                .setMessages(messages)
                .setTools(n % TOOLS_EVERY == TOOLS_AT ? "[{\"type\":\"function\"}]" : null)
                .setReasoning(reasoning)
                .setCategory(categories)
                .setResponseStyle(n % 5 == 0 ? null : STYLES.get(n % 3))
                .setSpecVersion(specification.version())
                .setSpecExcerptSha256(specification.excerpt(categories).sha256())
                .setJudge(votes)
                .setJudgeMin(lowest(votes))
                .setGenerator(generator(plain.getGenerator(), n))
                .setFindings(findings(n, reasoning, plain, categories))
                .setAudited(n % 3 != 0)
                .build();
    }

    private Rejection attempt(int n) {
        Rejection plain = NeutralRows.plain(NeutralRows.attempt(n + 60, 1, 1, 2));
        Sample question = NeutralRows.plain(NeutralRows.sample(n + 60));
        String reasoning = reasoning(n + 1);
        List<Vote> votes = votes(n + 7, n == 30 ? 2 : 1); // one that a lower threshold lets in
        return Rejection.newBuilder(plain)
                .setReasoning(reasoning)
                .setCategory(List.of("Knives"))
                .setSpecVersion(specification.version())
                .setSpecExcerptSha256(specification.excerpt(List.of("Knives")).sha256())
                .setJudge(votes)
                .setJudgeMin(lowest(votes))
                .setGenerator(generator(plain.getGenerator(), n))
                .setFindings(findings(n, reasoning, question, List.of("Knives")))
                .setAudited(n % 4 != 0)
                .build();
    }

    /** Of seven kinds: by id, by heading, by quote, false ones, of another category, none. */
    private static String reasoning(int n) {
        return switch (n % 7) {
            case 0 -> "Thought " + n + ": [knives-K1] and [be_brief] govern this.";
            case 1 -> "Thought " + n + ": the clause [fire-F1] applies here.";
            case 2 -> "Thought " + n + ": [knives-K9] governs this.";
            case 3 -> "Thought " + n + ": [be_brief] is enough here.";
            default -> "Thought " + n + ": nothing of it is named.";
        };
    }

    private static List<Vote> votes(int n, int least) {
        List<Vote> votes = new ArrayList<>();
        for (int number = 1; number <= (n % 11 == 0 ? 1 : 2); number++) {
            Vote vote = Vote.newBuilder(NeutralRows.sample(1).getJudge().getFirst())
                    .setVote(number)
                    .setModel(number == 1 ? "strict" : "mild")
                    .setScore(Math.min(10, least + (n * 7 % 5) * 0.5 + (number == 2 ? n % 3 : 0)))
                    .setAgree(n % 6 == 0 ? null : (n + number) % 9 != 0)
                    .build();
            votes.add(vote);
        }
        return votes;
    }

    private static double lowest(List<Vote> votes) {
        return votes.stream().mapToDouble(Vote::getScore).min().orElseThrow();
    }

    private static Generator generator(Generator plain, int n) {
        return Generator.newBuilder(plain)
                .setCostUsd(n % 8 == 0 ? null : 0.001 * n)
                .setUsage(new Usage(100L, (n % TOOLS_EVERY == TOOLS_AT ? 4000L : 40L) + n, 30L, 0L))
                .build();
    }

    private ScreenFindings findings(int n, String reasoning, Sample question, List<String> categories) {
        if (n % 10 == 9 && !isSearched) {
            return ScreenFindings.newBuilder().setDetector("screen/2").build();
        }
        CitationReport report = reader.read(
                SearchedText.of(reasoning),
                SearchedText.of(question.getMessages().get(0).getContent() + "\n\n"
                        + question.getMessages().get(1).getContent()),
                categories);
        return ScreenFindings.newBuilder()
                .setDetector("screen/2")
                .setLeaks(n % 13 == 0 ? List.of(new Leak("nonce", n % 2 == 0 ? "answer" : "reasoning", 1)) : List.of())
                .setUnknownClauses(List.of())
                .setCitations(new CitationFindings(
                        report.cited().stream()
                                .map(cited -> new CitedClause(
                                        cited.clause(),
                                        List.of("id"),
                                        cited.count(),
                                        cited.place().label()))
                                .toList(),
                        report.falseCitations().stream()
                                .map(one -> new FalseCitation(one.form().label(), one.text()))
                                .toList(),
                        report.verbatimShare()))
                .setPersonal(
                        n % 17 == 0
                                ? List.of(
                                        new PersonalFinding("email", "answer", 2),
                                        new PersonalFinding("phone", "answer", 1))
                                : List.of())
                .setHardRefusal(n % 5 == 1)
                .build();
    }
}
