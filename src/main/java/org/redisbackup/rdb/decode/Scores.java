package org.redisbackup.rdb.decode;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.redisbackup.rdb.Element;

/** Scores of sorted sets as text: decimal numbers with or without exponent, and {@code inf}. */
final class Scores {
    private static final int LONGEST = 1024;

    private Scores() {}

    /** Whether servers read the text as a number. */
    static boolean isScore(Element text) {
        if (text.isNumber()) {
            return true;
        }
        byte[] bytes = text.bytes();
        return isScore(bytes, text.start(), text.length());
    }

    /** Whether servers read the text as a number. */
    static boolean isScore(byte[] b, int from, int length) {
        if (length > LONGEST) {
            return false;
        }
        int at = from;
        int end = from + length;
        at += at < end && (b[at] == '-' || b[at] == '+') ? 1 : 0;
        if (at < end && (b[at] | 32) == 'i') {
            return isInfinity(b, at, end);
        }
        int digits = at;
        at = digits(b, at, end);
        int count = at - digits;
        if (at < end && b[at] == '.') {
            int fraction = at + 1;
            at = digits(b, fraction, end);
            count += at - fraction;
        }
        return count > 0 && (at == end || isExponent(b, at, end));
    }

    private static boolean isExponent(byte[] b, int from, int end) {
        int at = from;
        if ((b[at++] | 32) != 'e') {
            return false;
        }
        at += at < end && (b[at] == '-' || b[at] == '+') ? 1 : 0;
        return at < end && digits(b, at, end) == end;
    }

    private static boolean isInfinity(byte[] b, int from, int end) {
        String word = new String(b, from, end - from, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        return word.equals("inf") || word.equals("infinity");
    }

    private static int digits(byte[] b, int from, int end) {
        int at = from;
        while (at < end && b[at] >= '0' && b[at] <= '9') {
            at++;
        }
        return at;
    }

    /** @param text that {@link #isScore} */
    static double parse(Element text) {
        if (text.isNumber()) {
            return text.number();
        }
        String word = new String(text.bytes(), text.start(), text.length(), StandardCharsets.US_ASCII);
        char last = word.charAt(word.length() - 1);
        if ((last < '0' && last != '.') || last > '9') {
            return word.charAt(0) == '-' ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        return Double.parseDouble(word);
    }
}
