package org.redisbackup.api.auth;

/**
 * A key that requests are signed with.
 *
 * @param id what a signature names it by; no secret
 * @param secret what only its owner and this service know
 * @param caller who its owner is
 */
public record AccessKey(String id, String secret, Caller caller) {
    /** Without the secret. */
    @Override
    public String toString() {
        return "access key " + caller.name();
    }
}
