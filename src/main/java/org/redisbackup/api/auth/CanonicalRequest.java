package org.redisbackup.api.auth;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a client signs of a request: its parts, brought into one form because encodings on the wire differ from client
 * to client.
 */
final class CanonicalRequest {
    private final String head;

    /**
     * All parts but the body.
     *
     * @param signedHeaders names in lower case, in the order of the signature
     * @throws AuthenticationException when the URL can't be decoded, or a signed header is missing or ambiguous
     */
    CanonicalRequest(RequestHead request, List<String> signedHeaders) {
        head = String.join(
                "\n",
                request.method(),
                path(request.path()),
                query(request.query()),
                signedHeaders.stream().map(name -> line(request, name)).collect(Collectors.joining()),
                String.join(";", signedHeaders));
    }

    /** @param payloadHash lower-case hexadecimal SHA-256 of the body */
    String with(String payloadHash) {
        return head + "\n" + payloadHash;
    }

    /** Segment by segment, with a slash at the end, whether the received path has one or not. */
    private static String path(String received) {
        String path = Stream.of(received.split("/", -1))
                .map(segment -> PercentEncoding.normalize(segment, false))
                .collect(Collectors.joining("/"));
        return path.endsWith("/") ? path : path + "/";
    }

    /** Sorted; a plus stands for a space, as it does when parameters are read. */
    private static String query(String received) {
        if (received == null) {
            return "";
        }
        return Arrays.stream(received.split("&"))
                .filter(pair -> !pair.isEmpty())
                .map(Parameter::of)
                .sorted(Comparator.comparing(Parameter::name).thenComparing(Parameter::value))
                .map(parameter -> parameter.name() + "=" + parameter.value())
                .collect(Collectors.joining("&"));
    }

    private static String line(RequestHead request, String name) {
        String value = request.header(name);
        if (value == null) {
            throw AuthenticationException.signature("a signed header is missing");
        }
        return name + ":" + value.trim() + "\n";
    }

    private record Parameter(String name, String value) {
        static Parameter of(String pair) {
            int equals = pair.indexOf('=');
            return new Parameter(
                    PercentEncoding.normalize(equals < 0 ? pair : pair.substring(0, equals), true),
                    equals < 0 ? "" : PercentEncoding.normalize(pair.substring(equals + 1), true));
        }
    }
}
