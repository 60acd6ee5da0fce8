package dev.precept.cli;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.text.DateFormat;
import java.text.DecimalFormat;
import java.text.MessageFormat;
import java.text.NumberFormat;
import java.text.SimpleDateFormat;
import java.time.format.DateTimeFormatter;
import java.util.Formatter;
import java.util.Locale;
import java.util.Set;

/** Calls whose result the default locale of the machine decides. */
final class DefaultLocale {
    private static final Set<String> METHODS = Set.of(
            String.class.getName() + ".format",
            String.class.getName() + ".formatted",
            String.class.getName() + ".toLowerCase",
            String.class.getName() + ".toUpperCase",
            PrintStream.class.getName() + ".format",
            PrintStream.class.getName() + ".printf",
            PrintWriter.class.getName() + ".format",
            PrintWriter.class.getName() + ".printf",
            DateTimeFormatter.class.getName() + ".ofPattern",
            MessageFormat.class.getName() + ".format",
            NumberFormat.class.getName() + ".getInstance",
            NumberFormat.class.getName() + ".getNumberInstance",
            NumberFormat.class.getName() + ".getIntegerInstance",
            NumberFormat.class.getName() + ".getPercentInstance",
            NumberFormat.class.getName() + ".getCurrencyInstance",
            NumberFormat.class.getName() + ".getCompactNumberInstance",
            DateFormat.class.getName() + ".getInstance",
            DateFormat.class.getName() + ".getDateInstance",
            DateFormat.class.getName() + ".getTimeInstance",
            DateFormat.class.getName() + ".getDateTimeInstance",
            Locale.class.getName() + ".getDefault");
    private static final Set<String> CREATED = Set.of(
            Formatter.class.getName(),
            DecimalFormat.class.getName(),
            SimpleDateFormat.class.getName(),
            MessageFormat.class.getName());

    private DefaultLocale() {}

    static DescribedPredicate<JavaAccess<?>> decides() {
        return DescribedPredicate.describe("the default locale decides the result", DefaultLocale::decides);
    }

    private static boolean decides(JavaAccess<?> access) {
        if (!(access.getTarget() instanceof CodeUnitAccessTarget called) || takesALocale(called)) {
            return false;
        }
        String owner = called.getOwner().getName();
        return called.getName().equals("<init>")
                ? CREATED.contains(owner)
                : METHODS.contains(owner + "." + called.getName());
    }

    private static boolean takesALocale(CodeUnitAccessTarget called) {
        return called.getRawParameterTypes().stream().map(JavaClass::getName).anyMatch(Locale.class.getName()::equals);
    }
}
