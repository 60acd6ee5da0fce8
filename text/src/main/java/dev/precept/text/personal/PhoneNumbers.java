package dev.precept.text.personal;

import com.google.i18n.phonenumbers.PhoneNumberMatch;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.Leniency;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import java.util.EnumSet;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;

/**
 * Phone numbers of persons, as libphonenumber knows them: with a country code, or as they are written in the United States.
 * Toll-free and other service numbers are an organization's, and 555-01xx is reserved for fiction.
 */
final class PhoneNumbers {
    /** The library warns of files that it does not have for most countries. Kept here: loggers are weakly referenced. */
    private static final Logger MISSING_FILES =
            Logger.getLogger("com.google.i18n.phonenumbers.metadata.init.ClassPathResourceMetadataLoader");

    static {
        MISSING_FILES.setLevel(Level.OFF);
    }

    private static final PhoneNumberUtil NUMBERS = PhoneNumberUtil.getInstance();
    private static final String REGION = "US";
    /** Numbers of one text that are looked at, and candidates that are none. */
    private static final int MOST = 500;

    private static final int FEWEST_DIGITS = 7;
    /** Between two digits. */
    private static final int MOST_MARKS = 4;

    private static final Set<PhoneNumberType> OF_ORGANIZATIONS = EnumSet.of(
            PhoneNumberType.TOLL_FREE,
            PhoneNumberType.PREMIUM_RATE,
            PhoneNumberType.SHARED_COST,
            PhoneNumberType.UAN,
            PhoneNumberType.VOICEMAIL);
    private static final Pattern FICTION =
            Pattern.compile("\\+1\\d{3}5550[01]\\d\\d|\\+1555\\d{7}|\\+1\\d{3}5551212|\\+1(?:123|000)\\d{7}");

    private PhoneNumbers() {}

    static void find(String text, Set<PersonalData.Value> values) {
        if (!DigitRun.isIn(text, FEWEST_DIGITS, MOST_MARKS)) {
            return;
        }
        int looked = 0;
        for (PhoneNumberMatch match : NUMBERS.findNumbers(text, REGION, Leniency.STRICT_GROUPING, MOST)) {
            if (++looked > MOST) {
                return;
            }
            PhoneNumber number = match.number();
            String written = NUMBERS.format(number, PhoneNumberFormat.E164);
            if (!OF_ORGANIZATIONS.contains(NUMBERS.getNumberType(number))
                    && !FICTION.matcher(written).matches()
                    && isSeparate(match.rawString())) {
                values.add(new PersonalData.Value(PersonalKind.PHONE, written));
            }
        }
    }

    /** Ten digits without a mark between them may be anything. */
    private static boolean isSeparate(String raw) {
        return raw.chars().anyMatch(c -> c < '0' || c > '9');
    }
}
