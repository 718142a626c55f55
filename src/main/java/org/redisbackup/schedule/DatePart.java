package org.redisbackup.schedule;

import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A part of a {@link KeyPattern} that is a date, or one of several that are a date together. Letters are those of {@link
 * DateTimeFormatter}: {@code y M d H m s S}.
 *
 * @param letters for the formatter
 * @param regex of what may stand for it
 */
record DatePart(String letters, String regex) {
    private static final String UNITS = "yMdHmsS"; // each needs those before it
    private static final Pattern TOKEN = Pattern.compile("'([^']+)'|([A-Za-z])\\2*|[^A-Za-z']");
    private static final char BETWEEN = '/'; // of several parts, when they are put together
    private static final int NAMED = 3; // letters of a month that is written out

    /** @throws IllegalArgumentException with half a sentence that says what is wrong */
    static DatePart parse(String text) {
        StringBuilder letters = new StringBuilder();
        StringBuilder regex = new StringBuilder();
        Matcher token = TOKEN.matcher(text);
        int end = 0;
        while (token.find() && token.start() == end) {
            end = token.end();
            String letter = token.group(2);
            if (letter == null) {
                String literal = token.group(1) == null ? token.group() : token.group(1);
                letters.append('\'').append(literal).append('\'');
                regex.append(Pattern.quote(literal));
            } else {
                letters.append(token.group().replace('y', 'u')); // of no era
                regex.append(digits(text, letter.charAt(0), token.group().length()));
            }
        }
        if (text.isEmpty() || end < text.length()) {
            throw unknown(text);
        }
        return new DatePart(letters.toString(), regex.toString());
    }

    private static String digits(String text, char letter, int count) {
        if (UNITS.indexOf(letter) < 0) {
            throw unknown(text);
        }
        if (letter == 'M' && count >= NAMED) {
            return "\\p{L}+";
        }
        return count == 1 && letter != 'S' ? "\\d{1,2}" : "\\d{" + count + "}";
    }

    private static IllegalArgumentException unknown(String text) {
        return new IllegalArgumentException(
                "{" + text + "} is neither {set} nor {shard} nor a date such as {yyyy-MM-dd} or {yyyyMMdd'T'HHmmss}");
    }

    /** How the parts are read when they are {@link #joined}. */
    static DateTimeFormatter formatter(List<DatePart> parts) {
        String all = parts.stream().map(DatePart::letters).collect(Collectors.joining("'" + BETWEEN + "'"));
        requireWhole(all.replaceAll("'[^']*'", "").replace('u', 'y'));
        return new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendPattern(all)
                .parseDefaulting(ChronoField.MONTH_OF_YEAR, 1)
                .parseDefaulting(ChronoField.DAY_OF_MONTH, 1)
                .parseDefaulting(ChronoField.HOUR_OF_DAY, 0)
                .parseDefaulting(ChronoField.MINUTE_OF_HOUR, 0)
                .parseDefaulting(ChronoField.SECOND_OF_MINUTE, 0)
                .parseDefaulting(ChronoField.NANO_OF_SECOND, 0)
                .toFormatter(Locale.ENGLISH)
                .withResolverStyle(ResolverStyle.STRICT);
    }

    private static void requireWhole(String letters) {
        boolean missing = false;
        for (int i = 0; i < UNITS.length(); i++) {
            char unit = UNITS.charAt(i);
            boolean there = letters.indexOf(unit) >= 0;
            if (there && missing) {
                throw new IllegalArgumentException("a date has " + unit + " without all of " + UNITS.substring(0, i)
                        + " (M is the month, m the minute)");
            }
            missing |= !there;
        }
    }

    static String joined(Stream<String> texts) {
        return texts.collect(Collectors.joining(String.valueOf(BETWEEN)));
    }
}
