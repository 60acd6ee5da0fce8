package dev.precept.judging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.precept.judging.Criteria.Criterion;
import dev.precept.judging.Criteria.Kind;
import dev.precept.judging.PromptTemplate.Role;
import dev.precept.records.Message;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The request, the response schema and the reading of a vote follow from the same criteria. */
class CriteriaTest {
    private static final Criteria OWN = Criteria.own(
            List.of(
                    new Criterion("kind", "The answer is kind.", Kind.OUTCOME),
                    new Criterion("rigour", "No step of the reasoning is left out.", Kind.PROCESS)),
            Optional.empty());
    private static final Criteria ONE =
            Criteria.own(List.of(new Criterion("kind", "The answer is kind.", Kind.OUTCOME)), Optional.of("Then one."));

    static Stream<Criteria> all() {
        return Stream.concat(Criteria.BUILT_IN.values().stream(), Stream.of(OWN, ONE));
    }

    @ParameterizedTest
    @MethodSource("all")
    void theRequestNamesWhatTheSchemaHasAndAVoteOfThemIsRead(Criteria criteria) {
        VoteSchema schema = VoteSchema.of(criteria, true);
        JsonNode json = schema.schema().schema();
        for (Layout layout : Layout.values()) {
            String request = request(new RolePrompt(layout, null, criteria));
            List<String> named = Pattern.compile("(?m)^- \"(\\w+)\":")
                    .matcher(request)
                    .results()
                    .map(member -> member.group(1))
                    .toList();
            assertThat(json.path("properties").fieldNames()).toIterable().containsExactlyElementsOf(named);
            assertThat(criteria.criteria())
                    .allSatisfy(criterion -> assertThat(request)
                            .contains("- " + criterion.name() + ": " + criterion.meaning())
                            .contains("\"" + criterion.name() + "\""));
            assertThat(request).doesNotContain("{{").doesNotContain("\n\n\n");
        }
        assertThat(VoteSchema.of(schema.schema())).isEqualTo(schema);
        String vote = vote(criteria);
        assertThat(JudgeScore.read(vote, schema)).isInstanceOfSatisfying(JudgeScore.Parsed.Valid.class, valid -> {
            assertThat(valid.score().criteria()).containsOnlyKeys(criteria.names());
            assertThat(valid.score().score()).isEqualTo(criteria.overall().isPresent() ? 9 : 3);
        });
        assertThat(JudgeScore.isVote(vote, schema.schema())).isTrue();
    }

    /** The first criterion has the lowest score, 3; the score for the whole is 9. */
    private static String vote(Criteria criteria) {
        StringBuilder scores = new StringBuilder();
        for (int n = 0; n < criteria.names().size(); n++) {
            scores.append(n == 0 ? "" : ", ").append('"' + criteria.names().get(n) + "\": " + (3 + n));
        }
        return "{\"reason\": \"Fine.\", "
                + (criteria.names().isEmpty() ? "" : "\"criteria\": {" + scores + "}, ")
                + "\"agree\": \"Disagree\", \"response_style\": \"comply\""
                + (criteria.overall().isPresent() ? ", \"score\": 9}" : "}");
    }

    @Test
    void aMissingCriterionOfTheUserIsNoVote() {
        String vote = vote(OWN).replace("rigour", "rigor");
        assertThat(JudgeScore.read(vote, VoteSchema.of(OWN, true)))
                .isEqualTo(new JudgeScore.Parsed.Invalid(VoteFault.MISSING_MEMBER, "criteria.rigour is missing"));
    }

    @Test
    void processAndOutcomeHaveTheirLowestScores() {
        Map<String, Double> scores =
                Map.of("correctness", 9.0, "helpfulness", 4.0, "compliance", 8.0, "reasoning", 6.0);
        assertThat(Criteria.PRECEPT.lowest(Kind.PROCESS, scores)).isEqualTo(OptionalInt.of(6));
        assertThat(Criteria.PRECEPT.lowest(Kind.OUTCOME, scores)).isEqualTo(OptionalInt.of(4));
        assertThat(Criteria.PAPER.lowest(Kind.PROCESS, Map.of())).isEmpty();
        assertThat(ONE.lowest(Kind.PROCESS, Map.of("kind", 1.0))).isEmpty();
    }

    @Test
    void theVersionOfAFilledTemplateNamesTheCriteria() {
        assertThat(version(Criteria.PRECEPT)).isEqualTo("judge/4");
        assertThat(version(Criteria.STAR_1)).isEqualTo("judge/4+star-1");
        assertThat(version(OWN)).matches("judge/4\\+[0-9a-f]{12}").isNotEqualTo(version(ONE));
        assertThat(new RolePrompt(Layout.SPEC_FIRST, null, OWN)
                        .template(Role.GENERATE)
                        .version())
                .as("a generator is asked for no vote")
                .isEqualTo("generate/5");
    }

    @Test
    void aTemplateOfTheUsersOwnMayHaveThePlacesOrSpeakForItself() throws Exception {
        String places = "{{policies}} {{conversation}} {{reasoning}} {{answer}} {{side_information}}";
        PromptTemplate speaking = PromptTemplate.parse(Role.JUDGE, "Grade. " + places);
        PromptTemplate filled = PromptTemplate.parse(Role.JUDGE, "{{ criteria }}\n" + places + "\n{{members}}");
        assertThat(filled.beginsWithPolicies()).isTrue();
        String request = request(new RolePrompt(Layout.SPEC_FIRST, filled, OWN));
        assertThat(request).contains(OWN.grading()).endsWith(OWN.members());
        assertThat(request(new RolePrompt(Layout.SPEC_FIRST, speaking, OWN))).doesNotContain("rigour");
        assertThat(new RolePrompt(Layout.SPEC_FIRST, filled, OWN)
                        .template(Role.JUDGE)
                        .version())
                .isEqualTo(filled.version());
    }

    private static String version(Criteria criteria) {
        return new RolePrompt(Layout.SPEC_FIRST, null, criteria)
                .template(Role.JUDGE)
                .version();
    }

    private static String request(RolePrompt prompt) {
        return Rendered.text(prompt.render(
                Role.JUDGE,
                Rendered.input(
                        List.of(Message.newBuilder()
                                .setRole("user")
                                .setContent("What is a harbour?")
                                .build()),
                        "r",
                        "Un port.",
                        null,
                        "## Be kind [kind]",
                        "0123456789abcdef")));
    }
}
