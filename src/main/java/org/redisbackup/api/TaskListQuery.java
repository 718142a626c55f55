package org.redisbackup.api;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * Which tasks ListMigrationTask is to show.
 *
 * @param name part of the name, or null for all
 * @param offset of the first task, 0 and up
 * @param limit tasks at most, 1 to 1000
 */
record TaskListQuery(String name, int offset, int limit) {
    private static final int DEFAULT_LIMIT = 10;
    private static final int MAX_LIMIT = 1000;

    /**
     * Reads a query string.
     *
     * @param raw as in the URL, or null
     * @throws ApiException when a parameter is not allowed there
     */
    static TaskListQuery parse(String raw) {
        String name = null;
        int offset = 0;
        int limit = DEFAULT_LIMIT;
        for (String pair : raw == null ? new String[0] : raw.split("&")) {
            int equals = pair.indexOf('=');
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            switch (equals < 0 ? pair : pair.substring(0, equals)) {
                case "name" -> name = decode(value);
                case "offset" -> offset = number("offset", value, 0, Integer.MAX_VALUE);
                case "limit" -> limit = number("limit", value, 1, MAX_LIMIT);
                default -> {} // unknown parameters are ignored
            }
        }
        return new TaskListQuery(name, offset, limit);
    }

    private static String decode(String value) {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new ApiException(ApiError.invalidField("name", "it is not percent-encoded UTF-8"));
        }
    }

    private static int number(String parameter, String value, int min, int max) {
        try {
            int number = Integer.parseInt(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // answered below
        }
        throw new ApiException(ApiError.invalidField(parameter, "expected a number from " + min + " to " + max));
    }
}
