package org.redisbackup.redis;

import java.io.Closeable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.redisbackup.rdb.KeyBatch;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisClusterException;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisRedirectionException;

/**
 * Asks the servers of a target about keys, in one pipeline for each server. What a failover, a slot on its way or a broken
 * connection leaves unanswered is asked again, for about {@value #ATTEMPTS} seconds. Used by one thread.
 */
final class TargetLookup implements Closeable {
    private static final int ATTEMPTS = 30;
    private static final long PAUSE_MILLIS = 1000;

    private static final String QUESTIONS =
            "ask about keys; permit EXISTS, TYPE, PTTL, STRLEN, LLEN, SCARD, ZCARD, HLEN, DUMP";

    private final Target target;
    private final int timeoutMillis;
    private final String name;
    private final String need;
    private final Topology topology;
    private final Map<Address, Server> servers = new HashMap<>();
    private SlotMap map;
    private TargetCapabilities capabilities;

    TargetLookup(Target target, int timeoutMillis) {
        this(target, timeoutMillis, TargetClient.NAME, QUESTIONS);
    }

    /**
     * @param name of the connections, as the target lists them
     * @param need what this does, and what must be permitted for it
     */
    TargetLookup(Target target, int timeoutMillis, String name, String need) {
        this.target = target;
        this.timeoutMillis = timeoutMillis;
        this.name = name;
        this.need = need;
        topology = switch (target.mode()) {
            case STANDALONE -> () -> SlotMap.of(target.addresses().get(0));
            case CLUSTER -> new ClusterTopology(target, timeoutMillis);
            case SENTINEL -> new SentinelTopology(target, timeoutMillis);
        };
    }

    /** What is asked about one key. */
    interface Ask<A> {
        /** @return gives the answer once the pipeline has run; throws what Jedis throws for a refusal */
        Supplier<A> of(Pipeline pipeline, int record);
    }

    /** The keys that are asked about. */
    interface Keys {
        /** Database of the target. */
        int db(int record);

        /** Hash slot in a cluster. */
        int slot(int record);
    }

    /**
     * What a server said.
     *
     * @param from by its own clock, in Unix milliseconds: not before this
     * @param to and not after this
     */
    record Answer<A>(A said, long from, long to) {}

    /** What the server can that was connected to first. */
    TargetCapabilities capabilities() throws DeliveryException {
        return patiently(() -> {
            if (capabilities == null) {
                connection(map().primaries().get(0));
            }
            return capabilities;
        });
    }

    /**
     * Asks about records of a batch, each by the name and in the database that it has on the target.
     *
     * @return the answers in the order of the records
     * @throws DeliveryException with one sentence when the target does not answer, or refuses to
     */
    <A> List<Answer<A>> ask(KeyBatch batch, List<Integer> records, Ask<A> ask) throws DeliveryException {
        return ask(
                new Keys() {
                    @Override
                    public int db(int record) {
                        return batch.db(record);
                    }

                    @Override
                    public int slot(int record) {
                        return SlotMap.slotOf(batch, record);
                    }
                },
                records,
                ask);
    }

    /** As {@link #ask(KeyBatch, List, Ask)}, about other keys. */
    <A> List<Answer<A>> ask(Keys keys, List<Integer> records, Ask<A> ask) throws DeliveryException {
        return patiently(() -> askOnce(keys, records, ask));
    }

    private interface Attempt<T> {
        T make() throws DeliveryException;
    }

    private <T> T patiently(Attempt<T> attempt) throws DeliveryException {
        for (int left = ATTEMPTS; ; left--) {
            try {
                return attempt.make();
            } catch (JedisException | IllegalArgumentException | DeliveryException e) {
                close();
                DeliveryException failure = failure(e);
                if (left == 1 || !mayPass(e, failure)) {
                    throw failure;
                }
            }
            pause();
        }
    }

    private DeliveryException failure(Exception e) {
        if (e instanceof JedisDataException && e.getMessage().startsWith("NOPERM")) {
            return new DeliveryException(
                    target.address() + " does not let this user " + need + ", TIME and SELECT (it answered: "
                            + e.getMessage() + ")",
                    RestoreResult.NONE,
                    e);
        }
        return Handshake.failure(target, timeoutMillis, e);
    }

    private static boolean mayPass(Exception e, DeliveryException failure) {
        return failure instanceof NotReadyException
                || e instanceof JedisConnectionException
                || e instanceof JedisRedirectionException
                || e instanceof JedisClusterException
                || (e.getMessage() != null && e.getMessage().matches("(?s)(TRYAGAIN|MASTERDOWN|CLUSTERDOWN|BUSY) .*"));
    }

    /** Before the question is asked again: the target says nothing when it becomes ready, so there is nothing to wait for. */
    private void pause() throws DeliveryException {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DeliveryException("Interrupted while " + target.address() + " was asked", RestoreResult.NONE, e);
        }
    }

    private <A> List<Answer<A>> askOnce(Keys keys, List<Integer> records, Ask<A> ask) throws DeliveryException {
        List<Answer<A>> answers = new ArrayList<>(Collections.nCopies(records.size(), null));
        Map<Address, List<Integer>> positions = new LinkedHashMap<>();
        for (int position = 0; position < records.size(); position++) {
            Address primary = map().primaryOf(keys.slot(records.get(position)))
                    .orElseThrow(() -> new NotReadyException(
                            "No node of " + target.address() + " serves the slot of a key", null));
            positions.computeIfAbsent(primary, unseen -> new ArrayList<>()).add(position);
        }
        for (Map.Entry<Address, List<Integer>> part : positions.entrySet()) {
            connection(part.getKey()).ask(keys, records, part.getValue(), ask, answers);
        }
        return answers;
    }

    private SlotMap map() throws DeliveryException {
        if (map == null) {
            map = topology.look();
        }
        return map;
    }

    private Server connection(Address address) {
        Server server = servers.get(address);
        if (server == null) {
            server = new Server(TargetClient.connect(target, address, timeoutMillis, name));
            servers.put(address, server); // before it is asked, so that it is closed when it does not answer
            if (capabilities == null) {
                capabilities =
                        TargetCapabilities.of(TargetClient.fields(server.jedis.info()), Map.of(), Modules.UNKNOWN);
            }
        }
        return server;
    }

    @Override
    public void close() {
        servers.values().forEach(server -> {
            try {
                server.jedis.close();
            } catch (JedisException e) {
                // it was broken already, which is told where it matters
            }
        });
        servers.clear();
        map = null;
    }

    private static final class Server {
        private final Jedis jedis;
        private int db;

        Server(Jedis jedis) {
            this.jedis = jedis;
        }

        <A> void ask(Keys keys, List<Integer> records, List<Integer> positions, Ask<A> ask, List<Answer<A>> answers) {
            Pipeline pipeline = jedis.pipelined();
            List<Response<String>> selections = new ArrayList<>();
            Response<List<String>> from = pipeline.time();
            List<Supplier<A>> said = new ArrayList<>(positions.size());
            for (int position : positions) {
                int record = records.get(position);
                if (keys.db(record) != db) {
                    db = keys.db(record);
                    selections.add(pipeline.select(db));
                }
                said.add(ask.of(pipeline, record));
            }
            Response<List<String>> to = pipeline.time();
            pipeline.sync();
            selections.forEach(Response::get);
            for (int i = 0; i < said.size(); i++) {
                answers.set(positions.get(i), new Answer<>(said.get(i).get(), millis(from.get()), millis(to.get())));
            }
        }

        /** @param time seconds, and microseconds of the second */
        private static long millis(List<String> time) {
            return Long.parseLong(time.get(0)) * 1000 + Long.parseLong(time.get(1)) / 1000;
        }
    }
}
