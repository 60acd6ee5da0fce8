package dev.precept.dataset.evidence;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.TreeMap;

/** How good the judges of a version were, as JSON. */
final class JudgeJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final EvidenceScan.Scanned scanned;
    private final CanaryRates canaries;
    private final boolean hasCanaries;
    private final boolean isSameThreshold;

    /**
     * @param documents of all runs; empty if one is missing
     * @param isSameThreshold whether the version has the threshold by which canaries were judged
     */
    JudgeJson(EvidenceScan.Scanned scanned, List<RunEvidence> documents, boolean isSameThreshold) {
        this.scanned = scanned;
        this.canaries = CanaryRates.of(documents);
        this.hasCanaries = !documents.isEmpty();
        this.isSameThreshold = isSameThreshold;
    }

    ObjectNode json() {
        JudgeAgreement.Agreement agreement = scanned.agreements()
                .getOrDefault(GroupCounts.ALL, new JudgeAgreement())
                .agreement();
        GroupCounts counts = scanned.tally().counts();
        long judged = counts.get(GroupCounts.ALL, AttemptTally.JUDGED);
        long turnedAway = counts.get(GroupCounts.ALL, AttemptTally.TURNED_AWAY);
        CanaryRates.Corrected corrected = canaries.corrected(new CanaryRates.Candidates(judged, turnedAway));
        Estimate badAmongKept = isSameThreshold ? corrected.badAmongKept() : Estimate.none(0);
        ObjectNode json = agreement(agreement);
        Numbers.put(json, "sensitivity", canaries.sensitivity().value());
        Numbers.put(json, "specificity", canaries.specificity().value());
        Numbers.put(json, "bad_among_kept", badAmongKept.value());
        ObjectNode intervals = json.putObject("intervals");
        putInterval(intervals, "alpha", agreement.alpha());
        putInterval(intervals, "ac2", agreement.ac2());
        putInterval(intervals, "sensitivity", canaries.sensitivity());
        putInterval(intervals, "specificity", canaries.specificity());
        putInterval(intervals, "bad_among_kept", badAmongKept);
        ObjectNode bias = json.putObject("bias");
        new TreeMap<>(agreement.bias()).forEach((judge, points) -> Numbers.put(bias, judge, points.value()));
        json.put("judged", judged).put("turned_away", turnedAway);
        if (hasCanaries) {
            json.putObject("canaries")
                    .put("bad_turned_away", turnedAway(canaries.bad()))
                    .put("bad_kept", kept(canaries.bad()))
                    .put("good_kept", kept(canaries.good()))
                    .put("good_turned_away", turnedAway(canaries.good()));
        } else {
            json.putNull("canaries");
        }
        return json;
    }

    /** @return audited candidates are those with at least two votes */
    static ObjectNode agreement(JudgeAgreement.Agreement agreement) {
        ObjectNode json = JSON.createObjectNode();
        Numbers.put(json, "alpha", agreement.alpha().value());
        Numbers.put(json, "ac2", agreement.ac2().value());
        return json.put("audited", agreement.alpha().n());
    }

    private static void putInterval(ObjectNode json, String name, Estimate estimate) {
        Double low = estimate.low();
        Double high = estimate.high();
        if (low != null && high != null) {
            json.putArray(name).add(low).add(high);
        } else {
            json.putNull(name);
        }
    }

    private static long turnedAway(List<CanaryRates.Outcomes> canaries) {
        return canaries.stream().mapToLong(CanaryRates.Outcomes::turnedAway).sum();
    }

    private static long kept(List<CanaryRates.Outcomes> canaries) {
        return canaries.stream().mapToLong(CanaryRates.Outcomes::kept).sum();
    }
}
