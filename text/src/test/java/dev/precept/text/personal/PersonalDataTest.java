package dev.precept.text.personal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PersonalDataTest {
    private static String found(String text) {
        return PersonalData.in(text).toString().toLowerCase(Locale.ROOT);
    }

    /** The secrets are put together here, so that no scanner takes this file for a leak. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Write to anna.berg+news@post.uni-ulm.de, please. | {email=1}",
                "Write to a@b.co; a@b.co; c@b.co. | {email=2}",
                "Call +49 30 901820 or (415) 867-5309. | {phone=2}",
                "Call 415-867-5309 or 415.867.5309. | {phone=1}",
                "Call (415)  867 - 5309. | {phone=1}",
                "Write to an\u200bna@po\u00adst.de, or to anna@post.de. | {email=1}",
                "Write to anna\\_b\\@post.de, or **anna_b**@post.de, or anna_b\uff20post.de. | {email=1}",
                "Pay with **4539** 14\u200b88 0343 6467 today. | {card=1}",
                "gh\u200bp~_16C7e42F292c6912E7710c838347Ae178B4a | {github_token=1}",
                "Call ４１５－８６７－５３０９. | {phone=1}",
                "Pay with 4539 1488 0343 6467 today. | {card=1}",
                "Amex 3787-344936-71000. | {card=1}",
                "AK~IA1234567890ABCDEF is the id | {aws_key=1}",
                "gh~p_16C7e42F292c6912E7710c838347Ae178B4a | {github_token=1}",
                "s~k-proj-a8Kd03kfLq92Mxv7Zt5b | {openai_key=1}",
                "xo~xb-123456789012-abcDEF345 | {slack_token=1}",
                "AI~zaSyA1234567890abcdefghijklmnopqrstuv | {google_key=1}",
                "s~k_live_4eC39HqLyjWDarjtT1zdp7dc | {stripe_key=1}",
                "ey~JhbGciOiJIUzI1NiJ9.ey~JzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N | {jwt=1}",
                "-----BEGIN RSA PRIV~ATE KEY----- | {private_key=1}",
            })
    void personalDataIsCountedByKind(String text, String counts) {
        assertThat(found(text.replace("~", ""))).isEqualTo(counts);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Write to me@example.com, root@localhost, you@yourdomain.com or a@mail.example.org.",
                "user@host and @name and a@b, 3@4.5",
                "Call 1-800-273-8255, 988 or 911; in films 212-555-0142.",
                "Born 12/05/1987, ISBN 978-3-16-148410-0, order 4155552671, pi 3.14159265358979",
                "The years 2010-2015 and 1999-2003, room 415, 10,000,000 people, 192.168.100.200",
                "SSN 123-45-6789, card 4111 1111 1111 1111 and 1234 5678 9012 3456",
                "sk-your-api-key-goes-here-please and sk-xxxxxxxxxxxxxxxxxxxxxxxxxxx1",
                "AKIAIOSFODNN7EXAMPLE is of the manual",
                "eyJ is how tokens begin",
            })
    void whatOnlyLooksLikeItIsNotCounted(String text) {
        assertThat(found(text)).isEqualTo("{}");
    }

    /** The library has no alternative formats of the numbers of France, and says so. */
    @Test
    void theSearchWritesNothing() {
        List<String> written = new ArrayList<>();
        Handler handler = new StreamHandler() {
            @Override
            public synchronized void publish(LogRecord line) {
                written.add(line.getMessage());
            }
        };
        Logger all = Logger.getLogger("");
        all.addHandler(handler);
        try {
            assertThat(found("Call +33 1 42 68 53 00.")).isEqualTo("{phone=1}");
        } finally {
            all.removeHandler(handler);
        }
        assertThat(written).isEmpty();
    }

    @Test
    void whatAnotherTextHoldsCanBeLeftOut() {
        PersonalData answer = PersonalData.in("Mail to Anna@Post.de, or call +1 415 867 5309.");
        PersonalData question = PersonalData.in("Is anna@post.de right, and (415) 867-5309?");
        assertThat(answer.without(question).isEmpty()).isTrue();
        assertThat(question.without(PersonalData.in("none")).counts()).hasSize(2);
    }

    @Test
    void valuesDoNotReachALog() {
        assertThat(PersonalData.in("anna@post.de").toString()).doesNotContain("anna", "post");
        assertThat(new PersonalData.Value(PersonalKind.EMAIL, "anna@post.de").toString())
                .isEqualTo("email");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a@", "a.b-c", "1 ", "12-", "eyJ-", "415-867-5309 ", "+", "(4", "sk-", "a@b."})
    void hostileTextTakesTimeProportionalToItsLength(String piece) {
        PersonalData.in("415-867-5309 "); // loads the metadata
        long start = System.nanoTime();
        PersonalData.in(piece.repeat(50_000 / piece.length()));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }
}
