package dev.precept.model.mock;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** Plays the judge: a candidate is good if it answers and its reasoning cites the clause that governs. */
final class MockJudge {
    private MockJudge() {}

    static MockCompletion judge(ParsedRequest parsedRequest, JsonNode schema, long seed) {
        Optional<ParsedClause> governing = ClauseMatcher.match(parsedRequest);
        ExpectedAction expectedAction = governing.flatMap(ParsedClause::action).orElse(ExpectedAction.COMPLY);
        // A sign or two are no answer, though some judges give marks for them.
        boolean answered = parsedRequest
                .answer()
                .filter(answer -> answer.codePoints().anyMatch(Character::isLetterOrDigit))
                .isPresent();
        // Whoever judges without being shown the reasoning has only the answer to go by.
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
