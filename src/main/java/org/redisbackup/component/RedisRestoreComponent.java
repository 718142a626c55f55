package org.redisbackup.component;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.function.BooleanSupplier;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;
import org.redisbackup.aof.CommandBatch;
import org.redisbackup.rdb.BackupBatch;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.redis.DeliveryRules;
import org.redisbackup.redis.KeyPipeline;
import org.redisbackup.redis.Pace;
import org.redisbackup.redis.ReplicationTransfer;
import org.redisbackup.redis.RestoreResult;
import org.redisbackup.redis.Sender;
import org.redisbackup.redis.Target;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one pipeline a target, shared by all its endpoints: two routes that import into one server at the same time
 * share its connection, unless their exchanges name {@link RedisRestoreConstants#SESSION sessions}, or one of them has a
 * pace of its own.
 */
@Component("redis-restore")
public class RedisRestoreComponent extends DefaultComponent {
    static final Logger LOG = LoggerFactory.getLogger(RedisRestoreComponent.class);

    @Metadata(description = "The options that endpoints start from.")
    private RedisRestoreConfiguration configuration = new RedisRestoreConfiguration();

    private final Map<Route, KeyPipeline> pipelines = new HashMap<>();
    private final Map<ReplicationTransfer, String> transfers = new ConcurrentHashMap<>(); // to their sessions
    private volatile BooleanSupplier mayWrite = () -> true;
    private ExecutorService callbacks;

    private record Route(Target target, int connectTimeout, String session, Pace pace) {}

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        RedisRestoreEndpoint endpoint = new RedisRestoreEndpoint(uri, this, remaining, configuration.copy());
        setProperties(endpoint, parameters);
        return endpoint;
    }

    /** From the next session on, nothing is written while this says no; exchanges wait then. It is asked often. */
    public void writeOnlyWhile(BooleanSupplier permission) {
        mayWrite = permission;
    }

    /**
     * Delivers through the pipeline of the target, which is opened by its first delivery and forgotten when it was idle
     * for a while: both under one lock, so that no pipeline is forgotten that somebody is about to use.
     *
     * @param session or null
     * @param pace of those that share the pipeline; null for the standard one
     */
    synchronized CompletableFuture<RestoreResult> deliver(
            BackupBatch batch, Target target, int connectTimeout, String session, DeliveryRules rules, Pace pace) {
        KeyPipeline pipeline = pipeline(new Route(target, connectTimeout, session, pace));
        if (batch instanceof KeyBatch keys) {
            return pipeline.deliver(keys, rules);
        } else if (batch instanceof CommandBatch commands) {
            return pipeline.deliver(commands);
        }
        throw new IllegalArgumentException("a batch of keys or commands was expected, not " + batch);
    }

    private KeyPipeline pipeline(Route route) {
        pipelines.values().removeIf(KeyPipeline::isIdle);
        return pipelines.computeIfAbsent(
                route,
                unused -> KeyPipeline.to(
                        route.target(),
                        route.connectTimeout(),
                        route.session() == null ? Sender.ALONE : Sender.of(route.session(), mayWrite),
                        route.pace() == null ? Pace.standard(LOG::warn) : route.pace()));
    }

    /**
     * Connects to a target ahead of the first exchange of a session, without waiting for it: the exchange tells what went
     * wrong. Its endpoint must have the connect timeout of this component's configuration, else it gets a connection of its
     * own.
     *
     * @param session as {@link RedisRestoreConstants#SESSION}, or null
     * @param pace as {@link RedisRestoreConstants#PACE}; null for the standard one
     */
    public synchronized void connect(Target target, String session, Pace pace) {
        pipeline(new Route(target, configuration.getConnectTimeout(), session, pace))
                .connect();
    }

    /** Replaces everything that the target holds by one RDB file; breaks that off when the component stops. */
    RestoreResult handOver(InputStream file, Target target, int connectTimeout, String session, boolean mayReplace)
            throws IOException {
        ReplicationTransfer transfer = new ReplicationTransfer(target, connectTimeout, RdbLimits.forThisHeap());
        transfers.put(transfer, session == null ? "" : session);
        try {
            return transfer.transfer(file, mayReplace);
        } finally {
            transfers.remove(transfer);
        }
    }

    /**
     * Ends the connection of a session at once, without waiting for answers: what is in flight fails with this reason.
     * The session may begin anew with its next exchange.
     */
    public void breakOff(String session, String reason) {
        transfers.forEach((transfer, itsSession) -> {
            if (session.equals(itsSession)) {
                transfer.breakOff();
            }
        });
        List<KeyPipeline> broken = new ArrayList<>();
        synchronized (this) {
            pipelines.forEach((route, pipeline) -> {
                if (session.equals(route.session())) {
                    broken.add(pipeline);
                }
            });
            pipelines.values().removeAll(broken);
        }
        broken.forEach(pipeline -> pipeline.breakOff(reason));
    }

    /**
     * Runs what follows a delivery. A pipeline's own thread must not: a slow step would stall every import into that
     * target. There are never more threads than batches in flight, which the reader limits.
     */
    ExecutorService callbacks() {
        return callbacks;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        callbacks = getCamelContext().getExecutorServiceManager().newCachedThreadPool(this, "RedisRestore");
    }

    @Override
    protected void doStop() throws Exception {
        super.doStop();
        transfers.keySet().forEach(ReplicationTransfer::breakOff);
        closePipelines();
        getCamelContext().getExecutorServiceManager().shutdownGraceful(callbacks);
    }

    private synchronized void closePipelines() {
        pipelines.values().forEach(KeyPipeline::close);
        pipelines.clear();
    }

    public RedisRestoreConfiguration getConfiguration() {
        return configuration;
    }

    public void setConfiguration(RedisRestoreConfiguration configuration) {
        this.configuration = configuration;
    }
}
