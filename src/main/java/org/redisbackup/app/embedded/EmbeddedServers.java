package org.redisbackup.app.embedded;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The servers of the embedded default: Redis for the state, Redis as the target and S3, each unless a property points
 * elsewhere. They keep their data and logs in one folder, listen on free ports of 127.0.0.1 and end with this JVM.
 */
public final class EmbeddedServers implements AutoCloseable {
    /** Id of the embedded target, for {@code target_instance.id}. */
    public static final String DEMO_INSTANCE = "6d1c5a52-8f0e-4c39-9d5b-2f7d5a1e0c11";

    /** Bucket of the sample backups. */
    public static final String DEMO_BUCKET = "demo-backups";

    private static final String STATE = "redisbackup.state";
    private static final String TARGET = "redisbackup.instances." + DEMO_INSTANCE + ".";
    private static final String BUCKETS = "redisbackup.buckets.allow";
    private static final String S3 = "camel.component.aws2-s3.";

    /** Any of these, in Camel's two spellings, means that S3 is somewhere else. */
    private static final List<String> S3_ELSEWHERE = List.of(
            "uriEndpointOverride", "uri-endpoint-override",
            "accessKey", "access-key",
            "useDefaultCredentialsProvider", "use-default-credentials-provider",
            "useProfileCredentialsProvider", "use-profile-credentials-provider");

    private final DataFolder data;
    private final UnaryOperator<String> configured;
    private final Map<String, String> properties = new LinkedHashMap<>();
    private final Deque<Closeable> started = new ArrayDeque<>();
    private EmbeddedRedis target;
    private EmbeddedS3 s3;

    private EmbeddedServers(DataFolder data, UnaryOperator<String> configured) {
        this.data = data;
        this.configured = configured;
        started.push(data::close);
    }

    /**
     * Starts what is needed and waits until it answers. Servers that a killed run left behind in the folder are ended
     * first.
     *
     * @param data folder for everything they keep; made when missing
     * @param configured the value of a property by its name, null when it is not set
     * @throws IOException when the folder is in use or a server does not come up; nothing is left running then
     */
    public static EmbeddedServers start(Path data, UnaryOperator<String> configured) throws IOException {
        EmbeddedServers servers = new EmbeddedServers(DataFolder.lock(data), configured);
        try {
            servers.start();
            return servers;
        } catch (IOException | RuntimeException e) {
            servers.close();
            throw e;
        }
    }

    private void start() throws IOException {
        for (String server : List.of("state", "target", "s3")) {
            pidFile(server).endLeftover();
        }
        if (configured.apply(STATE) == null) {
            EmbeddedRedis state = redis("state", "--appendonly", "yes", "--appendfsync", "everysec");
            properties.put(STATE, state.url());
        }
        if (configured.apply(TARGET + "url") == null) {
            target = redis("target");
            properties.put(TARGET + "url", target.url());
            properties.put(TARGET + "name", "demo-target");
            properties.put(TARGET + "mode", "standalone");
        }
        if (S3_ELSEWHERE.stream().allMatch(name -> configured.apply(S3 + name) == null)) {
            s3 = EmbeddedS3.start(data.resolve("s3"), "demo", secret());
            remember("s3", s3.pid(), s3::close);
            properties.putAll(s3.camelProperties());
            if (configured.apply(BUCKETS) == null) {
                properties.put(BUCKETS, DEMO_BUCKET);
            }
        }
    }

    private EmbeddedRedis redis(String name, String... arguments) throws IOException {
        EmbeddedRedis redis = EmbeddedRedis.start(program(), data.resolve(name), arguments);
        remember(name, redis.pid(), redis::close);
        return redis;
    }

    private void remember(String name, long pid, Closeable server) throws IOException {
        started.push(() -> pidFile(name).delete());
        started.push(server);
        pidFile(name).write(pid);
    }

    private PidFile pidFile(String server) {
        return new PidFile(data.resolve(server + ".pid"));
    }

    private Path program() throws IOException {
        return EmbeddedRedis.program(data.resolve("programs"));
    }

    private static String secret() {
        byte[] bytes = new byte[20];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** What makes the service use these servers. The S3 secret is among it. */
    public Map<String, String> properties() {
        return Map.copyOf(properties);
    }

    /** Whether S3 and the target are ours, so that the demonstration touches nobody's data. */
    public boolean canDemonstrate() {
        return s3 != null && target != null;
    }

    /** Address of the embedded target; only when {@link #canDemonstrate}. */
    public String targetUrl() {
        return target.url();
    }

    /** Makes sure that {@value #DEMO_BUCKET} holds the sample backups; only when {@link #canDemonstrate}. */
    public void provideSamples() throws IOException {
        try (S3Client client = s3.client()) {
            new SampleBackup(client, DEMO_BUCKET, program(), data.resolve("samples")).provide();
        }
    }

    /** A sentence that tells where to put further backups; only when {@link #canDemonstrate}. */
    public String uploadHint() {
        return "Your own backups go into s3://" + DEMO_BUCKET + " at " + s3.endpoint()
                + "; the access key and its secret are in " + data.resolve("s3/s3proxy.properties") + ".";
    }

    /** Ends the servers, the last one first. */
    @Override
    public void close() throws IOException {
        IOException failure = null;
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
