package org.redisbackup.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Collection;
import java.util.List;
import org.redisbackup.rdb.KeyBatch;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The function libraries and scripts of one batch on their way to every primary of a target: one is loaded when none
 * refused it, and counted once.
 */
final class FunctionLibraries {
    private static final byte[] LOAD = "LOAD".getBytes(US_ASCII);
    private static final byte[] REPLACE = "REPLACE".getBytes(US_ASCII);
    private static final String EXISTS = "already exists";

    private final Target target;
    private final int timeoutMillis;
    private final ConflictPolicy policy;
    private final List<byte[]> libraries;
    private final List<byte[]> scripts;
    private final boolean[] loaded;
    private final String[] refusals;
    private final String[] scriptRefusals;
    private boolean triedBefore;

    FunctionLibraries(Target target, int timeoutMillis, ConflictPolicy policy, KeyBatch batch) {
        this.target = target;
        this.timeoutMillis = timeoutMillis;
        this.policy = policy;
        libraries = batch.functions();
        scripts = batch.scripts();
        triedBefore = batch.isMaybeSent();
        loaded = new boolean[libraries.size()];
        refusals = new String[libraries.size()];
        scriptRefusals = new String[scripts.size()];
    }

    /**
     * Loads them; may be called again after it failed.
     *
     * @param tally gets how they ended
     * @throws NotReadyException when a primary can't be reached now
     * @throws DeliveryException when a primary refuses the credentials
     */
    void load(Collection<Address> primaries, Tally tally) throws DeliveryException {
        for (Address primary : primaries) {
            try (Jedis jedis = TargetClient.connect(target, primary, timeoutMillis, true)) {
                for (int i = 0; i < libraries.size(); i++) {
                    load(jedis, primary, i);
                }
                for (int i = 0; i < scripts.size(); i++) {
                    loadScript(jedis, primary, i);
                }
            } catch (JedisException | IllegalArgumentException e) {
                triedBefore = true;
                throw Handshake.failure(target.at(primary), timeoutMillis, e);
            }
        }
        for (int i = 0; i < libraries.size(); i++) {
            if (refusals[i] != null) {
                tally.functionFailed(libraries.get(i), refusals[i]);
            } else if (loaded[i]) {
                tally.functionLoaded();
            }
        }
        for (int i = 0; i < scripts.size(); i++) {
            if (scriptRefusals[i] == null) {
                tally.scriptLoaded();
            } else {
                tally.scriptFailed(scripts.get(i), scriptRefusals[i]);
            }
        }
    }

    private void loadScript(Jedis jedis, Address primary, int i) {
        try {
            jedis.scriptLoad(scripts.get(i));
        } catch (JedisDataException e) {
            scriptRefusals[i] = primary + " refused the script (it answered: " + e.getMessage() + ")";
        }
    }

    private void load(Jedis jedis, Address primary, int i) {
        try {
            if (policy == ConflictPolicy.REPLACE) {
                jedis.sendCommand(Protocol.Command.FUNCTION, LOAD, REPLACE, libraries.get(i));
            } else {
                jedis.sendCommand(Protocol.Command.FUNCTION, LOAD, libraries.get(i));
            }
            loaded[i] = true;
        } catch (JedisDataException e) {
            boolean there = e.getMessage().endsWith(EXISTS);
            if (there && triedBefore && policy == ConflictPolicy.FAIL) {
                loaded[i] = true; // by the attempt before
            } else if (!there || policy != ConflictPolicy.SKIP) {
                refusals[i] = primary + " refused the library (it answered: " + e.getMessage() + ")";
            }
        }
    }
}
