package dev.precept.dataset.evidence;

import dev.precept.records.Outcome;
import dev.precept.records.Reason;
import dev.precept.records.Stage;
import java.util.List;
import java.util.Objects;

/**
 * Counts of the committed rows that a version was made from, kept or not: what judges decided, costs, reasons of rejection,
 * which clauses are cited, and how often judges disagree with the side information. Sums of whole numbers. For one thread.
 */
final class AttemptTally {
    static final String ACCEPTED = "accepted";
    static final String JUDGED = "judged";
    static final String TURNED_AWAY = "turned_away";
    static final String PRICED = "priced";
    static final String NANO_USD = "nano_usd";
    static final String REJECTED = "rejected/";
    static final String VOTES = "side_info.votes";
    static final String DISAGREE = "side_info.disagree";
    static final String CLAUSE_CITED = "clause.cited/";
    static final String CLAUSE_REJECTED = "clause.rejected/";

    private static final double NANOS = 1e9;

    private final GroupCounts counts = new GroupCounts();

    /** Votes on candidates of one prompt that has side information. */
    record SideInformation(long votes, long disagree) {
        static SideInformation of(Row row) {
            List<Row> votes = Objects.requireNonNullElse(row.rows("judge"), List.of());
            return new SideInformation(
                    votes.stream().filter(vote -> vote.get("agree") != null).count(),
                    votes.stream()
                            .filter(vote -> Boolean.FALSE.equals(vote.get("agree")))
                            .count());
        }
    }

    void sample(Row sample, SideInformation side) {
        for (String group : SampleTally.groups(sample)) {
            counts.add(group, ACCEPTED, 1);
            judged(group, false);
            attempt(group, sample, side);
        }
        clauses(sample, false);
    }

    /** Counts an attempt, or the end of a slot. */
    void rejection(Row rejection, SideInformation side) {
        boolean isAttempt = isAttempt(rejection);
        boolean isRejected = rejection.isTrue("terminal")
                && Outcome.REJECTED.name().equals(rejection.text("outcome"))
                && rejection.get("reason") != null;
        for (String group : SampleTally.groups(rejection)) {
            if (group.equals(GroupCounts.style(GroupCounts.NO_STYLE))) {
                continue; // it may not have been judged
            }
            if (isRejected) {
                counts.add(group, REJECTED + rejection.requireText("reason"), 1);
            }
            if (isAttempt) {
                attempt(group, rejection, side);
                boolean low = Reason.LOW_SCORE.name().equals(rejection.text("reason"));
                if (low || isJudged(rejection)) {
                    judged(group, low);
                }
            }
        }
        if (isAttempt) {
            clauses(rejection, true);
        }
    }

    /** The end of a slot repeats its last attempt. */
    static boolean isAttempt(Row rejection) {
        return !rejection.isTrue("terminal") && rejection.get("attempt") != null;
    }

    /** Whether judges kept an attempt that fell later. */
    private static boolean isJudged(Row rejection) {
        List<Row> votes = rejection.rows("judge");
        return votes != null && !votes.isEmpty() && Stage.CURATION.name().equals(rejection.text("stage"));
    }

    private void judged(String group, boolean turnedAway) {
        counts.add(group, JUDGED, 1);
        counts.add(group, TURNED_AWAY, turnedAway ? 1 : 0);
    }

    private void attempt(String group, Row row, SideInformation side) {
        counts.add(group, VOTES, side.votes);
        counts.add(group, DISAGREE, side.disagree);
        Row generator = row.row("generator");
        Double usd = generator == null ? null : generator.number("cost_usd");
        if (usd != null) {
            counts.add(group, PRICED, 1);
            counts.add(group, NANO_USD, Math.round(usd * NANOS));
        }
    }

    private void clauses(Row row, boolean rejected) {
        Row findings = row.row("findings");
        Row citations = findings == null ? null : findings.row("citations");
        List<Row> cited = citations == null ? null : citations.rows("cited");
        List<String> clauses = cited == null
                ? row.texts("cited_clauses")
                : cited.stream().map(each -> each.requireText("clause")).toList();
        for (String clause : clauses) {
            counts.add(GroupCounts.ALL, CLAUSE_CITED + clause, 1);
            counts.add(GroupCounts.ALL, CLAUSE_REJECTED + clause, rejected ? 1 : 0);
        }
    }

    void add(AttemptTally other) {
        counts.add(other.counts);
    }

    GroupCounts counts() {
        return counts;
    }
}
