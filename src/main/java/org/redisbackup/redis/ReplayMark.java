package org.redisbackup.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.List;
import org.redisbackup.aof.CommandBatch;
import org.redisbackup.rdb.ImportPlace;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A key in database 0 of the target that holds how many pieces of a backup were replayed. It is written in the
 * transaction that holds the commands, so that an import that goes on executes no command twice, and it is deleted when
 * the import has ended.
 */
public final class ReplayMark {
    /** Until an import goes on that was broken off; then the key ends by itself. */
    static final long SECONDS = 7 * 24 * 3600;

    private final String key;
    private final long before;
    private final int commands;

    private ReplayMark(ImportPlace place, int commands) {
        key = key(place.name());
        before = place.before();
        this.commands = commands;
    }

    /** The mark of a batch, or null when its import does not go on. */
    static ReplayMark of(CommandBatch batch) {
        return batch.place() == null ? null : new ReplayMark(batch.place(), batch.size());
    }

    private static String key(String importName) {
        return TargetClient.NAME + ":" + importName;
    }

    String key() {
        return key;
    }

    byte[] keyBytes() {
        return key.getBytes(UTF_8);
    }

    /** What it holds when the batch was executed. */
    long after() {
        return before + commands;
    }

    /** Whether a command of the batch was executed, as the target has executed so many pieces. */
    boolean covers(int command, long executed) {
        return before + command < executed;
    }

    /**
     * Asks, on a connection of its own, how many pieces were replayed.
     *
     * @throws IOException when the target does not answer
     */
    long executed(Target target, int timeoutMillis) throws IOException {
        try (Jedis jedis = TargetClient.connect(target, target.addresses().get(0), timeoutMillis, true)) {
            String value = jedis.get(key);
            return value == null ? 0 : Long.parseLong(value);
        } catch (JedisDataException e) {
            if (ReplyKind.passes(e)) {
                throw new IOException(e.getMessage(), e);
            }
            return 0; // who may not read it may not write it either
        } catch (JedisException e) {
            throw new IOException(e.getMessage(), e);
        } catch (NumberFormatException e) {
            return 0; // it is somebody else's
        }
    }

    /** Deletes the marks of imports that have ended; those that can't be deleted now end by themselves. */
    public static void delete(Target target, List<String> importNames, int timeoutMillis) {
        if (importNames.isEmpty()) {
            return;
        }
        try (Jedis jedis = TargetClient.connect(target, target.addresses().get(0), timeoutMillis, true)) {
            for (String name : importNames) {
                jedis.del(key(name).getBytes(UTF_8));
            }
        } catch (JedisException | IllegalArgumentException e) {
            // nobody looks at it any more
        }
    }
}
