package dev.precept.dataset.evidence;

import dev.precept.records.Vote;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * How far judges agree on candidates that were judged in full: Krippendorff's α for interval data, Gwet's AC2 with quadratic
 * weights over the grades 0 to 10, and the bias of each judge. Votes may be missing. Only audited candidates may be added: of
 * the others the votes after one below the threshold are missing, which makes judges look alike.
 *
 * <p>Memory does not depend on the number of candidates: their sums are kept in groups, and the bootstrap draws groups. Up to
 * a few hundred candidates a group is nearly always one candidate. The result does not depend on the order of candidates. Not
 * thread-safe.
 */
public final class JudgeAgreement {
    private static final int GROUPS = 4_096;
    private static final int HIGHEST = 10;

    private final AgreementSums sums;
    private final double[][] groups = new double[GROUPS][];
    private final Map<String, Integer> judges = new TreeMap<>();
    private final List<String> judgesByIndex = new ArrayList<>();
    private final List<Long> compared = new ArrayList<>();
    private long paired;

    public JudgeAgreement() {
        this(GradeWeights.quadratic(0, HIGHEST));
    }

    JudgeAgreement(GradeWeights weights) {
        this.sums = new AgreementSums(weights);
    }

    /**
     * @param alpha 1 is perfect agreement, 0 is that of votes dealt at random; null if all votes are alike
     * @param ac2 as α, but not low only because nearly all votes are alike
     * @param bias by model of the judge: the mean of its votes on a candidate minus the mean of the other judges', of those
     *     with a vote of both; empty with one judge
     */
    public record Agreement(Estimate alpha, Estimate ac2, Map<String, Estimate> bias) {}

    /**
     * Adds a candidate.
     *
     * @param candidate its id, which no other has
     * @param votes all that were given
     */
    public void add(String candidate, List<Vote> votes) {
        int group = Math.floorMod(mixed(candidate.hashCode()), GROUPS);
        double[] into = groups[group] == null ? new double[sums.size()] : groups[group];
        sums.add(into, votes.stream().map(Vote::getScore).toList());
        paired += votes.size() > 1 ? 1 : 0;
        groups[group] = addBias(into, votes);
    }

    /** Spreads similar hashes over all groups. */
    private static int mixed(int hash) {
        int mixed = hash * 0x9E3779B9;
        return mixed ^ mixed >>> 15;
    }

    private double[] addBias(double[] into, List<Vote> votes) {
        Map<String, double[]> byJudge = new TreeMap<>();
        for (Vote vote : votes) {
            double[] own = byJudge.computeIfAbsent(vote.getModel(), _ -> new double[2]);
            own[0] += vote.getScore();
            own[1]++;
        }
        if (byJudge.size() < 2) {
            return into;
        }
        double means =
                byJudge.values().stream().mapToDouble(own -> own[0] / own[1]).sum();
        double[] longer = into;
        for (Map.Entry<String, double[]> judge : byJudge.entrySet()) {
            double mean = judge.getValue()[0] / judge.getValue()[1];
            int index = judges.computeIfAbsent(judge.getKey(), this::newJudge);
            int at = sums.size() + 2 * index;
            longer = longer.length < at + 2 ? Arrays.copyOf(longer, at + 2) : longer;
            longer[at] += mean - (means - mean) / (byJudge.size() - 1);
            longer[at + 1]++;
            compared.set(index, compared.get(index) + 1);
        }
        return longer;
    }

    private int newJudge(String judge) {
        judgesByIndex.add(judge);
        compared.add(0L);
        return judgesByIndex.size() - 1;
    }

    /** The agreement on the candidates so far. */
    public Agreement agreement() {
        return agreement(Bootstrap.SAMPLES);
    }

    /** The same without intervals, which take time. */
    Agreement withoutIntervals() {
        return agreement(0);
    }

    private Agreement agreement(int samplesOfBootstrap) {
        int drawings = paired < Estimate.LEAST ? 0 : samplesOfBootstrap;
        double[][] drawn = Arrays.stream(groups)
                .filter(group -> group != null)
                .map(group -> Arrays.copyOf(group, length()))
                .toArray(double[][]::new);
        double[] all = new double[length()];
        for (double[] group : drawn) {
            addTo(all, group);
        }
        double[][] samples = new double[2 + judgesByIndex.size()][drawings];
        SplittableRandom random = new SplittableRandom(Bootstrap.SEED);
        for (int sample = 0; sample < drawings; sample++) {
            double[] sampled = new double[length()];
            for (int draw = 0; draw < drawn.length; draw++) {
                addTo(sampled, drawn[random.nextInt(drawn.length)]);
            }
            samples[0][sample] = AgreementSums.alpha(sampled);
            samples[1][sample] = sums.ac2(sampled);
            for (int judge = 0; judge < judgesByIndex.size(); judge++) {
                samples[2 + judge][sample] = bias(sampled, judge);
            }
        }
        Map<String, Estimate> bias = new TreeMap<>();
        judges.forEach((name, judge) ->
                bias.put(name, Bootstrap.estimate(compared.get(judge), bias(all, judge), samples[2 + judge])));
        return new Agreement(
                Bootstrap.estimate(paired, AgreementSums.alpha(all), samples[0]),
                Bootstrap.estimate(paired, sums.ac2(all), samples[1]),
                bias);
    }

    private int length() {
        return sums.size() + 2 * judgesByIndex.size();
    }

    private double bias(double[] of, int judge) {
        int at = sums.size() + 2 * judge;
        return of[at + 1] == 0 ? Double.NaN : of[at] / of[at + 1];
    }

    private static void addTo(double[] sum, double[] group) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += group[i];
        }
    }
}
