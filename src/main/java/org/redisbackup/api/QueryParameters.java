package org.redisbackup.api;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The parameters of a query string, read strictly when they are asked for. Those that nobody asks for are ignored.
 * Every method throws an {@link ApiException} that names the parameter.
 */
final class QueryParameters {
    static final int DEFAULT_LIMIT = 10;
    static final int MAX_LIMIT = 1000;

    private static final int MAX_TEXT = 1024;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMddHHmmss").withResolverStyle(ResolverStyle.STRICT);

    private final Map<String, String> raw = new HashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();

    /** @param query as in the URL, or null */
    QueryParameters(String query) {
        for (String pair : query == null ? new String[0] : query.split("&")) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            raw.put(name, equals < 0 ? "" : pair.substring(equals + 1));
            counts.merge(name, 1, Integer::sum);
        }
    }

    /** The value, or null when there is none. */
    String text(String name) {
        String value = raw.get(name);
        if (value == null) {
            return null;
        }
        if (counts.get(name) > 1) {
            throw invalid(name, "it is given more than once");
        }
        String text = decode(name, value);
        if (text.length() > MAX_TEXT) {
            throw invalid(name, "expected at most " + MAX_TEXT + " characters");
        }
        return text;
    }

    /** The value of the first of several names that is given, or null. */
    String textOfFirst(String... names) {
        return List.of(names).stream()
                .filter(raw::containsKey)
                .findFirst()
                .map(this::text)
                .orElse(null);
    }

    /** Offset of the first record, 0 and up. */
    int offset() {
        return number("offset", 0, 0, Integer.MAX_VALUE);
    }

    /** Records at most, 1 to 1000. */
    int limit() {
        return number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    }

    private int number(String name, int otherwise, int min, int max) {
        String value = text(name);
        if (value == null) {
            return otherwise;
        }
        if (value.matches("[0-9]{1,10}") && Long.parseLong(value) >= min && Long.parseLong(value) <= max) {
            return Integer.parseInt(value);
        }
        throw invalid(name, "expected a number from " + min + " to " + max);
    }

    /** One of an enum's names, or null when it is not given. */
    <T extends Enum<T>> T oneOf(String name, Class<T> type) {
        String value = text(name);
        if (value == null) {
            return null;
        }
        for (T each : type.getEnumConstants()) {
            if (each.name().equals(value)) {
                return each;
            }
        }
        throw invalid(name, "expected one of " + List.of(type.getEnumConstants()));
    }

    /** A moment, written {@code yyyyMMddHHmmss} in UTC under the first of several names that is given, or null. */
    Instant time(String... names) {
        String value = textOfFirst(names);
        if (value == null) {
            return null;
        }
        try {
            return LocalDateTime.parse(value, TIME).toInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException e) {
            throw invalid(names[0], "expected yyyyMMddHHmmss");
        }
    }

    /** Not URLDecoder, which puts replacement characters where bytes are no UTF-8. */
    private static String decode(String name, String value) {
        ByteBuffer bytes = ByteBuffer.allocate(value.length() * 3);
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '%') {
                bytes.put((byte) (hexadecimal(name, value, i + 1) << 4 | hexadecimal(name, value, i + 2)));
                i += 2;
            } else {
                bytes.put(String.valueOf(c == '+' ? ' ' : c).getBytes(StandardCharsets.UTF_8));
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            throw invalid(name, "it is not percent-encoded UTF-8");
        }
    }

    private static int hexadecimal(String name, String value, int i) {
        int digit = i < value.length() ? Character.digit(value.charAt(i), 16) : -1;
        if (digit < 0 || value.charAt(i) > 'f') {
            throw invalid(name, "it is not percent-encoded UTF-8");
        }
        return digit;
    }

    private static ApiException invalid(String name, String expected) {
        return new ApiException(ApiError.invalidField(name, expected));
    }
}
