package dev.precept.model.mock;

/**
 * How often the rehearsal model errs, as shares of all requests. Which requests those are is a function of their text
 * alone, so a request that goes wrong goes wrong in every run.
 *
 * @param noReasoning never any reasoning, whatever the seed
 * @param filtered always stopped by the content filter
 * @param empty always an empty answer
 * @param wrongClause always cites a clause that does not govern
 * @param wrongClauseOnce cites such a clause while the seed is even
 * @param cutOnce is cut at the token limit until the limit is above {@value #GENEROUS_TOKENS}
 */
public record MistakeRates(
        double noReasoning, double filtered, double empty, double wrongClause, double wrongClauseOnce, double cutOnce) {
    static final int GENEROUS_TOKENS = 8192;

    public MistakeRates {
        double sum = noReasoning + filtered + empty + wrongClause + wrongClauseOnce + cutOnce;
        double least = Math.min(
                Math.min(Math.min(noReasoning, filtered), Math.min(empty, wrongClause)),
                Math.min(wrongClauseOnce, cutOnce));
        if (!(least >= 0 && sum <= 1)) {
            throw new IllegalArgumentException("shares of mistakes must be 0 or more and at most 1 together");
        }
    }

    /** The known few: 12 % for good, 9 % until the next attempt. */
    public static MistakeRates usual() {
        return new MistakeRates(0.03, 0.03, 0.02, 0.04, 0.06, 0.03);
    }

    public static MistakeRates none() {
        return new MistakeRates(0, 0, 0, 0, 0, 0);
    }

    enum Mistake {
        NO_REASONING,
        FILTERED,
        EMPTY,
        WRONG_CLAUSE,
        CUT,
        NONE
    }

    /** The mistake on this request, under this seed and this limit. */
    Mistake mistakeFor(String request, long seed, long maxTokens) {
        double point = SeededChoice.uniform("mistake", request);
        if ((point -= noReasoning) < 0) {
            return Mistake.NO_REASONING;
        }
        if ((point -= filtered) < 0) {
            return Mistake.FILTERED;
        }
        if ((point -= empty) < 0) {
            return Mistake.EMPTY;
        }
        if ((point -= wrongClause) < 0) {
            return Mistake.WRONG_CLAUSE;
        }
        if ((point -= wrongClauseOnce) < 0) {
            return seed % 2 == 0 ? Mistake.WRONG_CLAUSE : Mistake.NONE;
        }
        return point < cutOnce && maxTokens <= GENEROUS_TOKENS ? Mistake.CUT : Mistake.NONE;
    }
}
