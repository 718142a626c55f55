package org.redisbackup.api;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** How the API writes times: ISO 8601 in UTC, with milliseconds. */
final class ApiTime {
    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private ApiTime() {}

    /** @return null for null */
    static String of(Instant instant) {
        return instant == null ? null : MILLIS.format(instant);
    }
}
