package org.redisbackup.api.auth;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import org.redisbackup.api.ApiError;
import org.redisbackup.api.ApiException;
import org.redisbackup.api.ErrorCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops guessing: who fails too often within a minute is refused for another minute, whatever is shown then. Right
 * attempts in between start the count anew.
 */
public final class FailedAttempts {
    public static final int STANDARD_PER_ADDRESS = 20;

    private static final Logger LOG = LoggerFactory.getLogger(FailedAttempts.class);
    private static final int PER_KEY = 5;
    private static final int NETWORK_BYTES = 8;

    private final FailureCounts addresses;
    private final FailureCounts keys;

    /** @param perAddress failures of an address within a minute; 0 for no limit */
    public FailedAttempts(InstantSource clock, int perAddress) {
        addresses = new FailureCounts(perAddress == 0 ? Integer.MAX_VALUE : perAddress, clock);
        keys = new FailureCounts(PER_KEY, clock);
    }

    /** @throws ApiException when this address has to wait */
    void requireAddress(RequestHead request) {
        if (addresses.isExhausted(network(request.address()))) {
            throw tooMany("address");
        }
    }

    /** @throws ApiException when this key has to wait */
    void requireKey(AccessKey key) {
        if (keys.isExhausted(key.id())) {
            throw tooMany("access key");
        }
    }

    private static ApiException tooMany(String whose) {
        return new ApiException(ApiError.of(
                ErrorCode.TOO_MANY_REQUESTS,
                "too many failed attempts to authenticate with this " + whose + "; try again in a minute"));
    }

    /** @param key that failed, or null */
    void failed(RequestHead request, AccessKey key) {
        if (addresses.add(network(request.address()))) {
            LOG.warn("{} failed to authenticate too often and is refused for a minute", request.address());
        }
        if (key != null && keys.add(key.id())) {
            LOG.warn(
                    "{} was used with wrong signatures too often and is refused for a minute; the last came from {}",
                    key,
                    request.address());
        }
    }

    /** @param key that was right, or null */
    void succeeded(RequestHead request, AccessKey key) {
        addresses.forget(network(request.address()));
        if (key != null) {
            keys.forget(key.id());
        }
    }

    /** An IPv4 address, or of an IPv6 address the half that its holder can't choose. */
    private static String network(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        try {
            byte[] bytes = InetAddress.getByName(address).getAddress();
            return HexFormat.of().formatHex(Arrays.copyOf(bytes, Math.min(bytes.length, NETWORK_BYTES)));
        } catch (UnknownHostException e) {
            return address;
        }
    }
}
