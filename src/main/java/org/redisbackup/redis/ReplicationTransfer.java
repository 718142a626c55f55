package org.redisbackup.redis;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.rdb.ValueType;
import org.redisbackup.rdb.decode.ValueValidator;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Hands a whole RDB file to a server as its replication master: the server loads the file itself, about twice as fast as
 * it executes {@code RESTORE}, and <em>everything that it held before is gone</em>. While it loads it is a replica, and
 * refuses the writes of others.
 *
 * <p>The server connects back to this process, so it must be able to. Files with keys that it can't load would end its
 * process, so it sees of a file only what was looked at before: the transfer fails at the first such key. A server that
 * may change its {@code repl-diskless-load} keeps what it held then, others are left empty. What can't be looked at
 * before is a value too large to be held in memory, and whether a key comes twice, which no server writes.
 */
public final class ReplicationTransfer {
    private static final int BATCH_KEYS = 4096;
    private static final int BATCH_BYTES = 256 * 1024;
    /** What the reader may have read beyond the batch that it hands out. */
    private static final int READ_AHEAD_BYTES = 4 << 20;

    private static final int POLL_MILLIS = 20;
    private static final String DISKLESS = "repl-diskless-load";

    private final Target target;
    private final int timeoutMillis;
    private final RdbLimits limits;
    private volatile Closeable open;
    private volatile boolean brokenOff;

    /** @param timeoutMillis for connecting, for each answer, and for the server to connect back */
    public ReplicationTransfer(Target target, int timeoutMillis, RdbLimits limits) {
        this.target = target;
        this.timeoutMillis = timeoutMillis;
        this.limits = limits;
    }

    /**
     * Replaces everything that the server holds by the file. Ends when it has loaded it and is no replica any more.
     *
     * @param rdb one RDB file, from its first byte on; closed in any case
     * @param mayReplace whether the server may hold keys, which it loses
     * @return counts of the keys of the file
     * @throws DeliveryException with one sentence when the server can't take the file, or has not loaded it
     * @throws org.redisbackup.rdb.RdbFormatException when the file is broken
     */
    public RestoreResult transfer(InputStream rdb, boolean mayReplace) throws IOException {
        Socket[] socket = new Socket[1];
        try (rdb;
                Jedis control = connect(socket)) {
            Map<String, String> info = TargetClient.fields(control.info());
            requireUsable(info, mayReplace);
            TargetCapabilities capabilities =
                    TargetCapabilities.of(info, Handshake.config(control), Modules.of(control));
            try (ServerSocket listening = new ServerSocket()) {
                open = listening;
                listening.bind(new InetSocketAddress(socket[0].getLocalAddress(), 0), 1);
                return transfer(rdb, control, listening, capabilities);
            }
        } catch (JedisException e) {
            throw failed("can't be made a replica (" + e.getMessage() + ")", e);
        } catch (IllegalArgumentException e) {
            throw failed(e.getMessage(), e);
        }
    }

    private Jedis connect(Socket[] socket) {
        JedisClientConfig config = TargetClient.config(target, timeoutMillis);
        DefaultJedisSocketFactory factory =
                new DefaultJedisSocketFactory(new HostAndPort(target.host(), target.port()), config);
        return new Jedis(new Connection(() -> socket[0] = factory.createSocket(), config));
    }

    private void requireUsable(Map<String, String> info, boolean mayReplace) throws DeliveryException {
        if ("1".equals(info.get("cluster_enabled"))) {
            throw failed("is a node of a cluster, which can't be a replica of an importer; use another method", null);
        }
        if ("slave".equals(info.get("role"))) {
            throw failed("is a replica; name its primary", null);
        }
        if (!mayReplace && keys(info) > 0) {
            throw failed("holds " + keys(info) + " keys, which it would lose; allow that, or use another method", null);
        }
    }

    private RestoreResult transfer(
            InputStream rdb, Jedis control, ServerSocket listening, TargetCapabilities capabilities)
            throws IOException {
        String diskless = allowDisklessLoad(control);
        try {
            control.replicaof(listening.getInetAddress().getHostAddress(), listening.getLocalPort());
            try (ReplicaLink link = accept(listening)) {
                open = link;
                requireOpen();
                Counts counts = send(rdb, link, capabilities);
                awaitLoaded(control, link);
                return counts.result();
            }
        } finally {
            release(control);
            if (diskless != null) {
                control.configSet(DISKLESS, diskless);
            }
        }
    }

    /** A server whose link was just cut goes on loading for a moment, and takes no command meanwhile. */
    private void release(Jedis control) throws DeliveryException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        while (true) {
            try {
                control.replicaofNoOne();
                return;
            } catch (JedisDataException e) {
                if (!e.getMessage().startsWith("LOADING") || System.nanoTime() > deadline) {
                    throw failed(
                            "could not be told to be no replica any more (" + e.getMessage()
                                    + "); send it REPLICAOF NO ONE",
                            e);
                }
            }
            try {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw failed("is still a replica; send it REPLICAOF NO ONE", e);
            }
        }
    }

    /**
     * Lets the server load from the connection instead of by way of its disk, and keep its old keys until the new ones
     * are there.
     *
     * @return what it is to be set to afterwards; null when it is not to be set
     */
    private static String allowDisklessLoad(Jedis control) {
        try {
            String before = control.configGet(DISKLESS).get(DISKLESS);
            if (before == null || before.equals("swapdb")) {
                return null;
            }
            control.configSet(DISKLESS, "swapdb");
            return before;
        } catch (JedisDataException e) {
            return null; // not everybody may; then it takes the way by the disk
        }
    }

    private ReplicaLink accept(ServerSocket listening) throws IOException {
        try {
            return ReplicaLink.accept(listening, List.of(InetAddress.getAllByName(target.host())), timeoutMillis);
        } catch (SocketTimeoutException e) {
            throw failed(
                    "did not connect back to " + listening.getInetAddress().getHostAddress() + " within "
                            + timeoutMillis + " ms, as a replica must; use another method where it can't",
                    e);
        } catch (IOException e) {
            requireOpen();
            throw failed("can't be made a replica (" + e.getMessage() + ")", e);
        }
    }

    private Counts send(InputStream rdb, ReplicaLink link, TargetCapabilities capabilities) throws IOException {
        Counts counts = new Counts();
        link.beginFile();
        HeldBackInputStream held =
                new HeldBackInputStream(rdb, link.file(), limits.maxBufferedValue() + READ_AHEAD_BYTES);
        try (BatchReader reader = new BatchReader(held, limits, BATCH_KEYS, BATCH_BYTES, 1, new ValueValidator())) {
            while (reader.hasNext()) {
                KeyBatch batch = reader.next();
                requireLoadable(batch, capabilities);
                counts.add(batch);
                held.release(batch.endOffset());
            }
            held.release(reader.offset());
            link.endFile();
        } catch (UncheckedIOException e) {
            requireOpen();
            throw e.getCause();
        } catch (HeldBackInputStream.ElsewhereException e) {
            requireOpen();
            throw hungUp(e);
        }
        return counts;
    }

    /** Before the server sees these keys: there are some that end its process. */
    private void requireLoadable(KeyBatch batch, TargetCapabilities capabilities) throws DeliveryException {
        for (int i = 0; i < batch.size(); i++) {
            if (!capabilities.knows(batch.type(i))) {
                throw failed("can't load the file: " + capabilities.refusal(batch.type(i)), null);
            }
            if (batch.type(i) == ValueType.MODULE_2 && !capabilities.modules().prove(ModuleName.of(batch, i))) {
                throw failed("can't load the file: it lacks the module " + ModuleName.of(batch, i), null);
            }
            int databases = capabilities.databases();
            if (databases != TargetCapabilities.UNKNOWN && batch.db(i) >= databases) {
                throw failed(
                        "can't load the file: it has keys in database " + batch.db(i) + ", the server " + databases
                                + " databases",
                        null);
            }
        }
    }

    private void awaitLoaded(Jedis control, ReplicaLink link) throws IOException {
        while (true) {
            Map<String, String> info = TargetClient.fields(control.info("replication"));
            if ("up".equals(info.get("master_link_status"))) {
                return;
            }
            if ("master".equals(info.get("role"))) {
                throw failed("was told by somebody else to be no replica any more; import again", null);
            }
            requireOpen();
            if (!link.isAliveAfter(POLL_MILLIS)) {
                throw hungUp(null);
            }
        }
    }

    private DeliveryException hungUp(IOException cause) {
        return failed(
                "gave up loading the file; its own log says why (does it know the version and all types of the file?)",
                cause);
    }

    private DeliveryException failed(String what, Exception cause) {
        return new DeliveryException("The server at " + target.address() + " " + what, RestoreResult.NONE, cause);
    }

    private void requireOpen() throws IOException {
        if (brokenOff) {
            throw new IOException("The transfer to " + target.address() + " was broken off");
        }
    }

    private static long keys(Map<String, String> info) {
        return info.entrySet().stream()
                .filter(field -> field.getKey().matches("db\\d+"))
                .mapToLong(field -> Long.parseLong(field.getValue().replaceAll("^keys=(\\d+),.*", "$1")))
                .sum();
    }

    /** Breaks the transfer off: the server keeps no part of the file. May come from any thread, and twice. */
    public void breakOff() {
        brokenOff = true;
        Closeable current = open;
        try {
            if (current != null) {
                current.close();
            }
        } catch (IOException e) {
            // nothing is sent any more, which is what was wanted
        }
    }

    /** What passed on its way to the server. */
    private static final class Counts {
        private long keys;
        private long expired;
        private long functions;
        private long bytes;

        void add(KeyBatch batch) throws IOException {
            if (batch.streamedValue() != null) {
                batch.streamedValue().transferTo(OutputStream.nullOutputStream()); // its length may be unknown before
            }
            long now = System.currentTimeMillis();
            for (int i = 0; i < batch.size(); i++) {
                long expireAt = batch.expireAt(i);
                expired += expireAt != KeyBatch.NO_EXPIRY && expireAt <= now ? 1 : 0;
                bytes += batch.keyLength(i) + batch.valueLength(i);
            }
            keys += batch.size();
            functions += batch.functions().size();
            batch.release();
        }

        RestoreResult result() {
            OutcomeCounts counts = OutcomeCounts.of(KeyOutcome.IMPORTED, keys - expired)
                    .plus(OutcomeCounts.of(KeyOutcome.EXPIRED, expired));
            return new RestoreResult(counts, null, null, functions, 0, 0, 0, 0, 0, 0, null, bytes, List.of());
        }
    }
}
