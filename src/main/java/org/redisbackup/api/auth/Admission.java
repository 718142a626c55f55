package org.redisbackup.api.auth;

/**
 * A request that has not been refused so far.
 *
 * @param request what is known of it
 * @param signed how it is signed, or null
 * @param token that it shows, or null
 */
public record Admission(RequestHead request, SignedRequest signed, String token) {
    /** Whether it can't be decided without the body. */
    public boolean needsBody() {
        return signed != null;
    }

    AccessKey key() {
        return signed == null ? null : signed.key();
    }

    /** Without the token. */
    @Override
    public String toString() {
        return request.toString();
    }
}
