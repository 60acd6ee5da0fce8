package dev.precept.chattemplate;

import java.math.BigDecimal;

/** Python's numbers, with integers up to 63 bits. True and false count as 1 and 0. */
final class Numbers {
    private static final int MIN_PLAIN_EXPONENT = -4;
    private static final int MAX_PLAIN_EXPONENT = 16;

    private Numbers() {}

    static boolean isNumber(Value value) {
        return isWhole(value) || value instanceof Value.Real;
    }

    static boolean isWhole(Value value) {
        return value instanceof Value.Whole || value instanceof Value.Bool;
    }

    static long whole(Value value) {
        return switch (value) {
            case Value.Whole(long number) -> number;
            case Value.Bool(boolean is) -> is ? 1 : 0;
            default -> throw new RenderFailure(Operators.describe(value) + " is not an integer");
        };
    }

    static double real(Value value) {
        return value instanceof Value.Real(double number) ? number : whole(value);
    }

    static int compare(Value left, Value right) {
        return isWhole(left) && isWhole(right)
                ? Long.compare(whole(left), whole(right))
                : Double.compare(real(left) + 0.0, real(right) + 0.0); // -0.0 is 0.0
    }

    static Value binary(String operator, Value left, Value right) {
        try {
            return isWhole(left) && isWhole(right)
                    ? whole(operator, whole(left), whole(right))
                    : new Value.Real(real(operator, real(left), real(right)));
        } catch (ArithmeticException outOfBounds) {
            throw new RenderFailure("division by zero, or an integer beyond 63 bits");
        }
    }

    private static Value whole(String operator, long left, long right) {
        return switch (operator) {
            case "+" -> Value.of(Math.addExact(left, right));
            case "-" -> Value.of(Math.subtractExact(left, right));
            case "*" -> Value.of(Math.multiplyExact(left, right));
            case "//" -> Value.of(Math.floorDiv(left, right));
            case "%" -> Value.of(Math.floorMod(left, right));
            case "**" ->
                right < 0
                        ? new Value.Real(real(operator, (double) left, (double) right))
                        : Value.of(power(left, right));
            default -> new Value.Real(real(operator, (double) left, (double) right));
        };
    }

    private static long power(long base, long exponent) {
        if (base == 0 || base == 1) {
            return exponent == 0 ? 1 : base;
        }
        long power = 1;
        for (long i = 0; i < Math.min(exponent, Long.SIZE); i++) {
            power = Math.multiplyExact(power, base);
        }
        if (exponent > Long.SIZE) {
            throw new ArithmeticException();
        }
        return power;
    }

    private static double real(String operator, double left, double right) {
        if (right == 0 && (operator.equals("/") || operator.equals("//") || operator.equals("%"))) {
            throw new ArithmeticException();
        }
        return switch (operator) {
            case "+" -> left + right;
            case "-" -> left - right;
            case "*" -> left * right;
            case "/" -> left / right;
            case "//" -> Math.floor(left / right);
            case "%" -> left - right * Math.floor(left / right);
            default -> Math.pow(left, right);
        };
    }

    static Value negative(Value value) {
        return value instanceof Value.Real(double number)
                ? new Value.Real(-number)
                : binary("-", Value.of(0), Value.of(whole(value)));
    }

    /** As Python's {@code repr} of a float. */
    static String text(double number) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return Double.isNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
        }
        if (number == 0) {
            return 1 / number < 0 ? "-0.0" : "0.0";
        }
        BigDecimal decimal = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        int exponent = decimal.precision() - decimal.scale() - 1;
        if (exponent >= MIN_PLAIN_EXPONENT && exponent < MAX_PLAIN_EXPONENT) {
            return decimal.scale() <= 0 ? decimal.toBigInteger() + ".0" : decimal.toPlainString();
        }
        String digits = decimal.unscaledValue().abs().toString();
        String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        return (number < 0 ? "-" : "") + mantissa + "e" + (exponent < 0 ? "-" : "+")
                + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }
}
