package org.redisbackup.api.auth;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is known of a request before its body.
 *
 * @param method HTTP method
 * @param path as it was received, which is what clients sign
 * @param route the path that routes see: dots and repeated slashes removed
 * @param query as it was received, or null
 * @param address of the client
 * @param headers values by name, in any case
 */
public record RequestHead(
        String method, String path, String route, String query, String address, Map<String, List<String>> headers) {
    public RequestHead {
        Map<String, List<String>> lowered = new TreeMap<>();
        headers.forEach((name, values) -> lowered.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
        headers = lowered;
    }

    /**
     * The value of a header, or null when there is none.
     *
     * @param name in lower case
     * @throws AuthenticationException when it is there more than once: which one counts, nobody can tell
     */
    String header(String name) {
        List<String> values = headers.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw AuthenticationException.signature("the header " + name + " is there more than once");
        }
        return values.isEmpty() ? null : values.get(0);
    }

    /** Without the headers, which hold tokens. */
    @Override
    public String toString() {
        return method + " " + route + " from " + address;
    }
}
