package dev.precept.model.mock;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** The mock judge: a candidate is good if it has an answer and its reasoning cites the clause that applies. */
final class MockJudge {
    private MockJudge() {}

    static MockCompletion judge(ParsedRequest parsedRequest, JsonNode schema, long seed) {
        Optional<ParsedClause> governing = ClauseMatcher.match(parsedRequest);
        ExpectedAction expectedAction =
                governing.map(ParsedClause::expectedAction).orElse(ExpectedAction.COMPLY);
        // Punctuation alone is no answer, although some judges score it.
        boolean answered = parsedRequest
                .answer()
                .filter(answer -> answer.codePoints().anyMatch(Character::isLetterOrDigit))
                .isPresent();
        // A request without reasoning is judged by its answer alone.
        boolean grounded = parsedRequest
                .reasoning()
                .map(reasoning -> governing.isEmpty()
                        || reasoning.contains("[" + governing.get().id() + "]"))
                .orElse(true);
        Optional<Boolean> agrees = parsedRequest.sideInformation().map(expectedAction::isNamedIn);
        SchemaFill fill = new SchemaFill(schema, answered && grounded, expectedAction, agrees, seed);
        return MockCompletion.of(null, fill.value().toString());
    }
}
