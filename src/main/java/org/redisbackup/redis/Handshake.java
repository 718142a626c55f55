package org.redisbackup.redis;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLException;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The opening of a connection: Jedis connects, encrypts, authenticates and asks the server what it can; then its socket
 * is taken over for the delivery itself.
 *
 * @param socket connected, authenticated and silent; database 0 is selected
 * @param capabilities what the server can take
 * @param run of the server: another one after it restarted; empty when it does not tell
 */
record Handshake(Socket socket, TargetCapabilities capabilities, String run) {
    /**
     * @param timeoutMillis for the connection, and for each answer of the handshake
     * @param name of the connection, as the server lists it
     * @throws DeliveryException with one sentence when there is no server that takes keys
     */
    static Handshake with(Target target, int timeoutMillis, String name) throws DeliveryException {
        Socket[] socket = new Socket[1];
        try {
            JedisClientConfig config = TargetClient.config(target, timeoutMillis, name);
            HostAndPort address = new HostAndPort(target.host(), target.port());
            DefaultJedisSocketFactory factory = new DefaultJedisSocketFactory(address, config);
            Connection connection = new Connection(() -> socket[0] = factory.createSocket(), config);
            Jedis jedis = new Jedis(connection); // not closed, as that would close the socket
            Map<String, String> info = TargetClient.fields(jedis.info());
            TargetCapabilities capabilities = ask(jedis, info, target);
            socket[0].setSoLinger(false, 0);
            return new Handshake(socket[0], capabilities, info.getOrDefault("run_id", ""));
        } catch (JedisException | IllegalArgumentException | IOException e) {
            close(socket[0]);
            throw failure(target, timeoutMillis, e);
        }
    }

    private static TargetCapabilities ask(Jedis jedis, Map<String, String> info, Target target)
            throws NotReadyException {
        TargetCapabilities capabilities = TargetCapabilities.of(info, config(jedis), Modules.of(jedis));
        capabilities.checkBelongsTo(target.mode());
        String notReady = TargetCapabilities.whyNotReady(info);
        if (notReady != null) {
            throw new NotReadyException(target.address() + " " + notReady, null, TargetCapabilities.isLoading(info));
        }
        Permissions.check(jedis);
        return capabilities;
    }

    /** Managed services and ACLs often forbid {@code CONFIG}; the import can do without. */
    static Map<String, String> config(Jedis jedis) {
        try {
            Map<String, String> config = new HashMap<>(jedis.configGet("databases"));
            config.putAll(jedis.configGet("proto-max-bulk-len")); // before Redis 7.0, one at a time
            return config;
        } catch (JedisDataException e) {
            return Map.of();
        }
    }

    /**
     * Why a server could not be asked, in one sentence.
     *
     * @param failure a failure of Jedis, or an {@link IllegalArgumentException} that says what is wrong with the server
     * @return a {@link NotReadyException} when it may be gone after a while
     */
    static DeliveryException failure(Target target, int timeoutMillis, Exception failure) {
        if (failure instanceof DeliveryException explained) {
            return explained;
        }
        String sentence = explain(target, timeoutMillis, failure);
        boolean lasts = failure instanceof IllegalArgumentException
                || (failure instanceof JedisDataException refusal && !ReplyKind.passes(refusal))
                || causes(failure).stream().anyMatch(SSLException.class::isInstance);
        return lasts
                ? new DeliveryException(sentence, RestoreResult.NONE, failure)
                : new NotReadyException(sentence, failure);
    }

    private static String explain(Target target, int timeoutMillis, Exception failure) {
        String address = target.address();
        if (failure instanceof IllegalArgumentException) {
            return address + " " + failure.getMessage();
        }
        if (failure instanceof JedisDataException) {
            return explainAnswer(target, failure.getMessage());
        }
        for (Throwable cause : causes(failure)) {
            if (cause instanceof UnknownHostException) {
                return "The host of the target " + address + " is unknown; check its name";
            } else if (cause instanceof ConnectException) {
                return "Nothing accepts connections at " + address + " (" + cause.getMessage()
                        + "); check the address, and that the server runs";
            } else if (cause instanceof SocketTimeoutException) {
                return address + " did not answer within " + timeoutMillis
                        + " ms; check the address, the firewall, and that it is a Redis with"
                        + (target.tls() ? " TLS" : "out TLS");
            } else if (cause instanceof SSLException) {
                return "TLS with " + address + " failed (" + cause.getMessage()
                        + "); check that the port speaks TLS and that its certificate is trusted and names the host";
            }
        }
        return "What listens at " + address + " does not answer like a Redis (" + failure.getMessage()
                + "); check the port, and whether it wants TLS";
    }

    private static String explainAnswer(Target target, String answer) {
        String address = target.address();
        if (answer.startsWith("WRONGPASS") || answer.startsWith("ERR invalid password")) {
            return address + " refused the user name or the password; check both";
        } else if (answer.startsWith("NOAUTH")) {
            return address + " wants a password, and none was given; give one";
        } else if (answer.contains("without any password configured")) {
            return address + " has no password for this user, but one was given; leave it out";
        } else if (answer.startsWith("NOPERM")) {
            return address + " does not let this user ask what server it is; permit INFO, SELECT, RESTORE, EXISTS and "
                    + "FUNCTION (it answered: " + answer + ")";
        }
        return address + " refused the connection (it answered: " + answer + ")";
    }

    /** What led to a failure, the outermost first; Jedis hides that of a failed connection among the suppressed ones. */
    private static List<Throwable> causes(Throwable failure) {
        List<Throwable> causes = new ArrayList<>();
        Throwable next = failure;
        while (next != null) {
            causes.add(next);
            next = next.getCause() == null && next.getSuppressed().length > 0
                    ? next.getSuppressed()[0]
                    : next.getCause();
        }
        return causes;
    }

    private static void close(Socket socket) {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            // what failed before is told; there is nothing to add
        }
    }
}
