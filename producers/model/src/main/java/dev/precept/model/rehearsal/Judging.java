package dev.precept.model.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** Plays the judge: a candidate is good if it answers and its reasoning cites the clause that governs. */
final class Judging {
    private Judging() {}

    static Completion of(Scene scene, JsonNode schema, long seed) {
        Optional<Clause> governing = Governing.of(scene);
        Action action = governing.flatMap(Clause::action).orElse(Action.COMPLY);
        // A sign or two are no answer, though some judges give marks for them.
        boolean answered = scene.answer()
                .filter(answer -> answer.codePoints().anyMatch(Character::isLetterOrDigit))
                .isPresent();
        // Whoever judges without being shown the reasoning has only the answer to go by.
        boolean grounded = scene.reasoning()
                .map(reasoning -> governing.isEmpty()
                        || reasoning.contains("[" + governing.get().id() + "]"))
                .orElse(true);
        Optional<Boolean> agrees = scene.sideInformation().map(action::isNamedIn);
        SchemaFill fill = new SchemaFill(schema, answered && grounded, action, agrees, seed);
        return Completion.of(null, fill.value().toString());
    }
}
