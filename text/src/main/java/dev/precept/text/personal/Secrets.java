package dev.precept.text.personal;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keys and tokens of services whose form is well known. A row of the same few characters is a stand-in. */
final class Secrets {
    private static final int FEWEST_CHARACTERS = 8;
    private static final String START = "(?<![A-Za-z0-9_-])";
    private static final Map<PersonalKind, Form> FORMS = Map.of(
            PersonalKind.AWS_KEY,
            new Form(List.of("AKIA", "ASIA"), "(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])"),
            PersonalKind.GITHUB_TOKEN,
            new Form(
                    List.of("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
                    "(?:gh[pousr]_[A-Za-z0-9]{36,251}+|github_pat_[A-Za-z0-9_]{22,255}+)(?![A-Za-z0-9_])"),
            PersonalKind.OPENAI_KEY,
            new Form(List.of("sk-"), "sk-[A-Za-z0-9_-]{20,250}+(?![A-Za-z0-9_-])"),
            PersonalKind.SLACK_TOKEN,
            new Form(List.of("xox"), "xox[abeoprs]-[A-Za-z0-9-]{10,250}+(?![A-Za-z0-9-])"),
            PersonalKind.STRIPE_KEY,
            new Form(List.of("k_live_"), "[rs]k_live_[A-Za-z0-9]{16,250}+(?![A-Za-z0-9_])"),
            PersonalKind.GOOGLE_KEY,
            new Form(List.of("AIza"), "AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])"),
            PersonalKind.JWT,
            new Form(
                    List.of("eyJ"),
                    "eyJ[A-Za-z0-9_-]{10,2000}+\\.eyJ[A-Za-z0-9_-]{10,4000}+\\.[A-Za-z0-9_-]{10,1000}+"),
            PersonalKind.PRIVATE_KEY,
            new Form(List.of("PRIVATE KEY-----"), "-----BEGIN (?:[A-Z]{2,12} ){0,2}PRIVATE KEY-----"));

    private Secrets() {}

    /** @param needed one of these is in each match: a fast test before the pattern */
    private record Form(List<String> needed, Pattern pattern) {
        Form(List<String> needed, String pattern) {
            this(needed, Pattern.compile(START + pattern));
        }
    }

    static void find(String text, Set<PersonalData.Value> values) {
        FORMS.forEach((kind, form) -> {
            if (form.needed().stream().anyMatch(text::contains)) {
                Matcher matcher = form.pattern().matcher(text);
                while (matcher.find()) {
                    if (!isStandIn(kind, matcher.group())) {
                        values.add(new PersonalData.Value(kind, matcher.group()));
                    }
                }
            }
        });
    }

    private static boolean isStandIn(PersonalKind kind, String found) {
        if (kind == PersonalKind.PRIVATE_KEY) {
            return false;
        }
        // "sk-your-api-key-goes-here" has no digit; keys are drawn at random.
        return found.contains("EXAMPLE")
                || found.chars().noneMatch(Character::isDigit)
                || found.chars().distinct().count() < FEWEST_CHARACTERS;
    }
}
