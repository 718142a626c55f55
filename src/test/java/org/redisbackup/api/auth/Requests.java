package org.redisbackup.api.auth;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.redisbackup.api.ApiError;
import org.redisbackup.api.ApiException;

/** Requests for the tests of this package, and what is answered to them. */
final class Requests {
    static final String PROJECT = "0123456789abcdef0123456789abcdef";
    static final String OTHER_PROJECT = "fedcba9876543210fedcba9876543210";
    static final String PATH = "/v2/" + PROJECT + "/migration-tasks";
    static final String ADDRESS = "192.0.2.1";
    static final byte[] NO_BODY = new byte[0];

    private Requests() {}

    /** A GET of the project's tasks. */
    static RequestHead get(Map<String, String> headers) {
        return of("GET", PATH, null, ADDRESS, headers);
    }

    static RequestHead of(String method, String path, String query, String address, Map<String, String> headers) {
        Map<String, List<String>> values = new HashMap<>();
        headers.forEach((name, value) -> values.put(name, List.of(value)));
        return new RequestHead(method, path, path, query, address, values);
    }

    /** The error that the request is answered with, or null. */
    static ApiError answer(AccessControl access, RequestHead request, byte[] body) {
        try {
            access.decide(access.examine(request), body).join();
            return null;
        } catch (ApiException e) {
            return e.error();
        } catch (CompletionException e) {
            return ((ApiException) e.getCause()).error();
        }
    }

    static String code(AccessControl access, RequestHead request) {
        ApiError error = answer(access, request, NO_BODY);
        return error == null ? "admitted" : error.status() + " " + error.code();
    }
}
