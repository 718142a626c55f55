package org.redisbackup.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;

/**
 * Body of ListBackupFileLinks.
 *
 * @param expiration seconds
 */
record LinksRequest(@JsonProperty("expiration") Integer expiration) {
    private static final int MIN = 300;
    private static final int MAX = 86_400;

    /** @throws ApiException unless the links are to be good for five minutes to a day */
    static LinksRequest read(byte[] body) {
        LinksRequest request = ApiJson.read(body, LinksRequest.class);
        if (request.expiration() == null || request.expiration() < MIN || request.expiration() > MAX) {
            throw new ApiException(ApiError.invalidField("expiration", "expected " + MIN + " to " + MAX + " seconds"));
        }
        return request;
    }

    Duration goodFor() {
        return Duration.ofSeconds(expiration);
    }
}
