package dev.precept.reward;

import dev.precept.judging.AnswerJudge;
import dev.precept.judging.Excerpts;
import dev.precept.judging.JudgedWork;
import dev.precept.judging.canary.AnswerCanaries;
import dev.precept.reward.NoRewardException.Cause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rewards answers: the lowest of all votes. Thread-safe. */
final class RewardJudge {
    private final AnswerJudge judge;
    private final VoteFlights flights;
    private final Policies policies;
    private final Duration deadline;
    private final @Nullable AnswerCanaries canaries;
    private final RewardMetrics metrics;

    /** @param deadline of the answers of one request, each */
    RewardJudge(
            AnswerJudge judge,
            VoteFlights flights,
            Policies policies,
            Duration deadline,
            @Nullable AnswerCanaries canaries,
            RewardMetrics metrics) {
        this.judge = judge;
        this.flights = flights;
        this.policies = policies;
        this.deadline = deadline;
        this.canaries = canaries;
        this.metrics = metrics;
    }

    /** An answer whose votes are being obtained; without a judge by rule. */
    private record Asked(@Nullable Reward ruled, List<VoteFlights.Flight> votes, String key) {}

    /** What is to be judged; null by rule. */
    private record Work(RewardSample sample, JudgedWork.@Nullable AnswerOnly work, Excerpts.EncodedExcerpt excerpt) {}

    /**
     * Rewards the answers of one request, together.
     *
     * @param started when the request arrived, as of {@link System#nanoTime}
     * @throws BadRequestException before the first call, if one cannot be judged as it is
     * @throws NoRewardException if one of them has no reward by the deadline
     */
    List<Reward> rewards(List<RewardSample> samples, long started)
            throws BadRequestException, NoRewardException, InterruptedException {
        try {
            List<Work> works = new ArrayList<>();
            for (int n = 0; n < samples.size(); n++) {
                works.add(work(samples.size() == 1 ? "label" : "labels[" + n + "]", samples.get(n)));
            }
            requireTime(started);
            List<Asked> asked = new ArrayList<>();
            for (Work work : works) {
                asked.add(ask(work));
            }
            List<Reward> rewards = new ArrayList<>();
            for (Asked one : asked) {
                rewards.add(await(one, started));
            }
            rewards.forEach(metrics::rewarded);
            return rewards;
        } catch (NoRewardException e) {
            metrics.missing(e.reason(), samples.size());
            throw e;
        }
    }

    /** A request that arrives late, as one whose body came slowly, costs no call: its sender cannot get a reward. */
    private void requireTime(long started) throws NoRewardException {
        if (System.nanoTime() - started >= deadline.toNanos()) {
            throw new NoRewardException(
                    Cause.DEADLINE,
                    "the request was read after more than " + deadline.toSeconds() + " s, so no vote was asked for");
        }
    }

    private Work work(String where, RewardSample sample)
            throws BadRequestException, NoRewardException, InterruptedException {
        Excerpts.EncodedExcerpt excerpt = policies.of(where, sample.label());
        return switch (sample.answer()) {
            case AnswerText.None _ -> new Work(sample, null, excerpt);
            case AnswerText.Answer(String text) ->
                new Work(
                        sample,
                        new JudgedWork.AnswerOnly(
                                sample.conversation(),
                                text,
                                sample.label().sideInfo().orElse(null)),
                        excerpt);
        };
    }

    private Asked ask(Work work) throws NoRewardException {
        JudgedWork.AnswerOnly answer = work.work;
        if (answer == null) {
            String why = work.sample.answer() instanceof AnswerText.None(String rule) ? rule : "";
            return new Asked(Reward.ofNoAnswer(why), List.of(), "");
        }
        List<VoteFlights.Flight> votes = new ArrayList<>();
        for (int vote = 1; vote <= judge.votes(); vote++) {
            votes.add(flights.vote(answer, work.excerpt, vote));
        }
        return new Asked(null, votes, judge.key(answer, work.excerpt, 1));
    }

    private Reward await(Asked asked, long started) throws NoRewardException, InterruptedException {
        Reward ruled = asked.ruled;
        if (ruled != null) {
            return ruled.after(seconds(started));
        }
        List<VoteFlights.Obtained> votes = new ArrayList<>();
        for (VoteFlights.Flight vote : asked.votes) {
            votes.add(vote.await(started, deadline));
        }
        Reward reward = Reward.lowest(votes);
        AnswerCanaries beside = canaries;
        // One for an answer, however many requests wait for it: a policy often repeats short refusals.
        if (beside != null
                && !votes.getFirst().stored()
                && asked.votes.getFirst().claim()) {
            beside.judgeBeside(asked.key);
        }
        return reward.after(seconds(started));
    }

    private static double seconds(long started) {
        return (System.nanoTime() - started) / 1e9;
    }
}
