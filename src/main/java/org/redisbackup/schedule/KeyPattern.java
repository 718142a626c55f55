package org.redisbackup.schedule;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which keys are backups, and what their names tell: {@code *} stands for any characters but a slash, {@code **} for any
 * at all, {@code ?} for one; {@code {set}} names what the files of one backup have in common, {@code {shard}} what tells
 * them apart, and any other part in braces is a date, {@code {yyyy-MM-dd}}.
 */
final class KeyPattern {
    private static final Pattern PART = Pattern.compile("\\*\\*|[*?]|\\{([^{}]*)}");
    private static final String SET = "set";
    private static final String SHARD = "shard";

    private final Pattern key;
    private final List<String> dateGroups = new ArrayList<>();
    private final DateTimeFormatter dates;
    private final boolean hasSet;
    private final boolean hasShard;

    /**
     * What a key tells.
     *
     * @param set what the files of its backup have in common, empty when the pattern does not say
     * @param shard which of them it is, empty when the pattern does not say
     * @param date of the backup, on whatever clock it was made; null when the pattern does not say
     */
    record Match(String set, String shard, LocalDateTime date) {}

    private KeyPattern(String glob) {
        StringBuilder regex = new StringBuilder();
        List<DatePart> dateParts = new ArrayList<>();
        Matcher part = PART.matcher(glob);
        int end = 0;
        while (part.find()) {
            regex.append(literal(glob.substring(end, part.start())));
            end = part.end();
            String name = part.group(1);
            switch (part.group()) {
                case "**" -> regex.append(".*");
                case "*" -> regex.append("[^/]*");
                case "?" -> regex.append("[^/]");
                case "{set}", "{shard}" -> regex.append("(?<").append(name).append(">[^/]+)");
                default -> {
                    DatePart date = DatePart.parse(name);
                    dateGroups.add("date" + dateParts.size());
                    regex.append("(?<date")
                            .append(dateParts.size())
                            .append('>')
                            .append(date.regex())
                            .append(')');
                    dateParts.add(date);
                }
            }
        }
        regex.append(literal(glob.substring(end)));
        hasSet = once(glob, "{" + SET + "}");
        hasShard = once(glob, "{" + SHARD + "}");
        key = Pattern.compile(regex.toString());
        dates = dateParts.isEmpty() ? null : DatePart.formatter(dateParts);
    }

    private static String literal(String text) {
        if (text.indexOf('{') >= 0 || text.indexOf('}') >= 0) {
            throw new IllegalArgumentException("a brace is not closed, or not opened");
        }
        return Pattern.quote(text);
    }

    private static boolean once(String glob, String part) {
        if (glob.indexOf(part) != glob.lastIndexOf(part)) {
            throw new IllegalArgumentException("it has more than one " + part);
        }
        return glob.contains(part);
    }

    /** @throws IllegalArgumentException with half a sentence that says what is wrong */
    static KeyPattern parse(String glob) {
        return new KeyPattern(glob);
    }

    boolean hasDate() {
        return dates != null;
    }

    /** Whether a key tells which other keys belong to the same backup. */
    boolean namesSets() {
        return hasSet || hasDate();
    }

    /** @return empty when the key is no backup, or has a date that no calendar knows */
    Optional<Match> match(String rest) {
        Matcher matcher = key.matcher(rest);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            LocalDateTime date = dates == null
                    ? null
                    : LocalDateTime.parse(DatePart.joined(dateGroups.stream().map(matcher::group)), dates);
            return Optional.of(new Match(hasSet ? matcher.group(SET) : "", hasShard ? matcher.group(SHARD) : "", date));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
