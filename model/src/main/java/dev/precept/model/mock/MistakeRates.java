package dev.precept.model.mock;

/**
 * How often the mock model makes a mistake, as shares of all requests. The requests affected are a function of their
 * text alone, and so the same in every run. A request that gives back an attempt that fell short is answered with the right
 * clause. A text with {@value #ASKED} always gets a wrong clause until then, one with {@value #ASKED_ALWAYS} even then.
 *
 * @param noReasoning no reasoning, with any seed
 * @param filtered stopped by the content filter
 * @param empty an empty answer
 * @param wrongClause cites a clause that does not apply
 * @param wrongClauseOnce cites such a clause if the seed is even
 * @param cutOnce truncated unless the token limit is above {@value #GENEROUS_TOKENS}
 */
public record MistakeRates(
        double noReasoning, double filtered, double empty, double wrongClause, double wrongClauseOnce, double cutOnce) {
    static final int GENEROUS_TOKENS = 8192;
    static final String ASKED = "(mock model: err)";
    static final String ASKED_ALWAYS = "(mock model: always err)";

    public MistakeRates {
        double sum = noReasoning + filtered + empty + wrongClause + wrongClauseOnce + cutOnce;
        double least = Math.min(
                Math.min(Math.min(noReasoning, filtered), Math.min(empty, wrongClause)),
                Math.min(wrongClauseOnce, cutOnce));
        if (!(least >= 0 && sum <= 1)) {
            throw new IllegalArgumentException("shares of mistakes must be 0 or more and at most 1 in total");
        }
    }

    /** The default rates: 12 % permanent mistakes, 9 % that a further attempt corrects. */
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

    /**
     * The mistake for a request with this seed and token limit.
     *
     * @param repair whether the request gives back an attempt that fell short
     */
    Mistake mistakeFor(String request, long seed, long maxTokens, boolean repair) {
        if (request.contains(ASKED_ALWAYS)) {
            return Mistake.WRONG_CLAUSE;
        }
        Mistake mistake = request.contains(ASKED) ? Mistake.WRONG_CLAUSE : mistakeFor(request, seed, maxTokens);
        return repair && mistake == Mistake.WRONG_CLAUSE ? Mistake.NONE : mistake;
    }

    private Mistake mistakeFor(String request, long seed, long maxTokens) {
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
