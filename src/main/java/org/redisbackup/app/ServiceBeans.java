package org.redisbackup.app;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.component.aws2.s3.AWS2S3Endpoint;
import org.apache.camel.spi.Registry;
import org.apache.camel.support.LifecycleStrategySupport;
import org.redisbackup.api.ApiJson;
import org.redisbackup.api.BackupsApi;
import org.redisbackup.api.InstancesApi;
import org.redisbackup.api.MigrationApi;
import org.redisbackup.api.SchedulesApi;
import org.redisbackup.api.TaskControl;
import org.redisbackup.api.TaskViews;
import org.redisbackup.api.auth.AccessControl;
import org.redisbackup.component.RedisRestoreComponent;
import org.redisbackup.kamelet.S3Backups;
import org.redisbackup.redis.Target;
import org.redisbackup.schedule.BucketEvents;
import org.redisbackup.schedule.Claims;
import org.redisbackup.schedule.DueSchedules;
import org.redisbackup.schedule.EndedImports;
import org.redisbackup.schedule.Schedule;
import org.redisbackup.schedule.ScheduleStore;
import org.redisbackup.schedule.ScheduledImports;
import org.redisbackup.schedule.Schedules;
import org.redisbackup.source.Backoff;
import org.redisbackup.source.BackupListing;
import org.redisbackup.source.S3BackupSource;
import org.redisbackup.source.S3Links;
import org.redisbackup.source.S3Objects;
import org.redisbackup.task.AllowedBuckets;
import org.redisbackup.task.BackupFiles;
import org.redisbackup.task.BackupRecords;
import org.redisbackup.task.FileAnalysis;
import org.redisbackup.task.FileComparison;
import org.redisbackup.task.FileImport;
import org.redisbackup.task.ImportRun;
import org.redisbackup.task.IncrementalImports;
import org.redisbackup.task.InstanceHealth;
import org.redisbackup.task.Instances;
import org.redisbackup.task.Ledgers;
import org.redisbackup.task.PasswordSeal;
import org.redisbackup.task.RunningTasks;
import org.redisbackup.task.StateConnection;
import org.redisbackup.task.Targets;
import org.redisbackup.task.TaskLimits;
import org.redisbackup.task.TaskLogs;
import org.redisbackup.task.TaskRetention;
import org.redisbackup.task.TaskService;
import org.redisbackup.task.TaskStore;
import redis.clients.jedis.JedisPooled;
import redis.clients.jedis.exceptions.JedisException;

/**
 * What the routes name: their beans, their thread pools and the gate before the HTTP server, made of the configuration.
 * They begin and end with the Camel context.
 */
final class ServiceBeans extends LifecycleStrategySupport implements AutoCloseable {
    static final String HOST = "camel.server.host";
    static final String PORT = "camel.server.port";
    private static final String MAX_BODY = "camel.server.maxBodySize";
    /** A few seconds: the end of a task waits for it. */
    private static final Backoff LEDGER_BACKOFF = new Backoff(6, Duration.ofMillis(100), Duration.ofSeconds(2));

    private static final InstantSource CLOCK = Clock.systemUTC();

    /** What the routes, the HTTP server and these beans are configured with when nobody sets it. */
    static final Map<String, String> DEFAULTS = Map.ofEntries(
            Map.entry("camel.server.enabled", "true"),
            Map.entry(HOST, "127.0.0.1"),
            Map.entry(PORT, "8080"),
            Map.entry(MAX_BODY, "1048576"),
            Map.entry("camel.server.fileUploadEnabled", "false"),
            Map.entry("camel.component.platform-http.headerFilterStrategy", "#noHeaders"),
            Map.entry("camel.component.platform-http.serverRequestValidation", "false"),
            Map.entry("redisbackup.tasks.parallel", "4"),
            Map.entry("redisbackup.tasks.unfinished", Integer.toString(TaskLimits.STANDARD.all())),
            Map.entry("redisbackup.events.queue", ""),
            Map.entry("redisbackup.status.endpoint", ""),
            Map.entry("redisbackup.schedule.endpoint", ""));

    private final CamelContext context;
    private final Settings settings;
    private final Instances instances;
    private final AllowedBuckets buckets;
    private final Targets targets;
    private final JedisPooled connections;
    private final TaskStore store;
    private final TaskLogs logs;
    private final RunningTasks running;
    private final TaskService tasks;
    private final TaskRetention retention;
    private final TaskAggregation aggregation;
    private final ScheduleStore scheduleStore;
    private final Schedules schedules;
    private final InstanceHealth health = new InstanceHealth();
    private final HttpEdge edge;
    private final ServerVertx vertx;
    private S3Links links;
    private boolean closed;

    /**
     * Checks the configuration and opens the state.
     *
     * @param settings with {@link #DEFAULTS}
     * @throws ConfigurationException when the service can't run like this
     */
    ServiceBeans(CamelContext context, Settings settings) {
        this.context = context;
        this.settings = settings;
        Configured configured = new Configured(settings);
        Target state = configured.state();
        instances = configured.instances();
        buckets = configured.buckets();
        PasswordSeal seal = configured.passwordSeal();
        targets = new Targets(instances, configured.targets(), seal);
        List<Schedule> configuredSchedules = new ConfiguredSchedules(settings, instances).schedules();
        AccessControl access = new ConfiguredAccess(settings).access(isLoopback(settings.get(HOST)));
        requireFreePort(settings);
        TaskLimits limits = configured.limits();
        connections = open(state);
        store = new TaskStore(connections);
        logs = new TaskLogs(connections);
        running = new RunningTasks(store, logs, targets, this::breakOffDeliveries);
        retention = configured.retention(connections, store, CLOCK);
        tasks = new TaskService(store, logs, running, limits, seal);
        aggregation = TaskAggregation.open(state);
        scheduleStore = new ScheduleStore(connections);
        schedules = new Schedules(configuredSchedules, scheduleStore, instances, buckets, CLOCK);
        edge = new HttpEdge(
                context,
                settings.number(PORT, 0, 1),
                new AccessGate(access, settings.number(MAX_BODY, 0, 1)),
                running::isClosing);
        vertx = new ServerVertx(edge::install);
    }

    /** What the HTTP server is made with. Camel starts it before there are routes. */
    void bindServer() {
        Registry beans = context.getRegistry();
        beans.bind("vertx", vertx);
        beans.bind("noHeaders", new NoHeaders());
        beans.bind("apiJson", ApiJson.mapper());
    }

    /**
     * The components are configured, and the routes about to look for their beans.
     *
     * @throws ConfigurationException when there can be no S3 client
     */
    @Override
    public void onContextInitializing(CamelContext context) {
        AWS2S3Endpoint s3 = s3(context);
        S3BackupSource source = new S3BackupSource(s3.getS3Client(), backoff());
        links = new S3Links(s3.getS3Client(), s3.getConfiguration().isForcePathStyle());
        component().writeOnlyWhile(running::holdsLease);
        Registry beans = context.getRegistry();
        BackupRecords backups = new BackupRecords(source, links, instances, connections);
        TaskViews views = new TaskViews(instances);
        beans.bind("migrationApi", new MigrationApi(tasks, views, buckets, targets, health, backups));
        beans.bind("taskControl", new TaskControl(tasks, views));
        beans.bind("backupsApi", new BackupsApi(backups, instances));
        beans.bind("instancesApi", new InstancesApi(instances, health));
        beans.bind("runningTasks", running);
        beans.bind("stateOutage", new StateOutage());
        beans.bind("taskRetention", retention);
        Ledgers ledgers = new Ledgers(source, new S3Objects(s3.getS3Client(), LEDGER_BACKOFF), running, store, logs);
        beans.bind("ledgers", ledgers);
        beans.bind("backupFiles", new BackupFiles(new BackupListing(source), running, logs, ledgers, this::connect));
        beans.bind("fileAnalysis", new FileAnalysis(store, logs));
        beans.bind("fileComparison", new FileComparison(logs));
        beans.bind(
                "incrementalImports",
                new IncrementalImports(
                        Path.of(settings.get("redisbackup.incremental.directory", "data/incremental")),
                        store,
                        logs,
                        running::holdsLease,
                        physicalMemory() / 4));
        FileImport files = new FileImport(source, running, logs, ledgers);
        beans.bind("fileImport", files);
        beans.bind("fileOfRun", new FileOfRun(files));
        beans.bind("settledBatch", new SettledBatch());
        bindSchedules(beans, source);
        beans.bind("fileResults", new FileResults());
        beans.bind("taskAggregation", aggregation.repository());
        new Pools(settings).register(context.getExecutorServiceManager());
    }

    /** Bytes, of the machine or of the container. */
    private static long physicalMemory() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
    }

    private void bindSchedules(Registry beans, S3BackupSource source) {
        Claims claims = new Claims(scheduleStore);
        ScheduledImports imports =
                new ScheduledImports(schedules, scheduleStore, claims, source, instances, tasks, CLOCK);
        beans.bind("dueSchedules", new DueSchedules(schedules, scheduleStore, imports, claims, CLOCK));
        beans.bind("scheduledImports", imports);
        beans.bind("endedImports", new EndedImports(scheduleStore, tasks));
        beans.bind("bucketEvents", new BucketEvents(schedules));
        beans.bind("schedulesApi", new SchedulesApi(schedules, imports, CLOCK));
    }

    private Backoff backoff() {
        Backoff standard = Backoff.STANDARD;
        int seconds = (int) standard.silence().toSeconds();
        return standard.withSilence(Duration.ofSeconds(settings.number("redisbackup.files.stall-seconds", seconds, 1)));
    }

    /** With the client that the component {@code aws2-s3} makes of its properties. */
    private static AWS2S3Endpoint s3(CamelContext context) {
        try {
            return S3Backups.endpointOf(context);
        } catch (RuntimeException e) {
            throw new ConfigurationException(
                    "The properties camel.component.aws2-s3.* make no S3 client; they need a region,"
                            + " and accessKey with secretKey or useDefaultCredentialsProvider=true ("
                            + rootOf(e).getMessage() + ").");
        }
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private void connect(ImportRun run) {
        component().connect(run.target(), run.session(), run.pace());
    }

    private void breakOffDeliveries(String session) {
        component().breakOff(session, "The import was broken off");
    }

    private RedisRestoreComponent component() {
        return context.getComponent("redis-restore", RedisRestoreComponent.class);
    }

    @Override
    public void onContextStarted(CamelContext context) {
        edge.refuseBadPaths();
    }

    /** Imports that run are broken off, and left to the next start or to another instance. */
    @Override
    public void onContextStopping(CamelContext context) {
        running.breakOffAll();
        running.close(); // before anything that may hang
    }

    @Override
    public void onContextStopped(CamelContext context) {
        close();
    }

    /** @throws ConfigurationException when something else listens where the API is to answer */
    static void requireFreePort(Settings given) {
        Settings settings = given.withDefaults(DEFAULTS);
        String host = settings.get(HOST);
        int port = settings.number(PORT, 0, 1);
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw new ConfigurationException("Can't listen on " + host + ":" + port + " (" + e.getMessage()
                    + "): stop what listens there, or set " + PORT + " to another port.");
        }
    }

    private static JedisPooled open(Target state) {
        JedisPooled connections = StateConnection.open(state);
        try {
            connections.ping();
            return connections;
        } catch (JedisException e) {
            connections.close();
            throw new ConfigurationException(
                    "The state Redis " + state.address() + " of the property redisbackup.state does not answer ("
                            + e.getMessage() + "): start it, or correct the property.");
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** For a context that never started; otherwise it is closed with it. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        vertx.close();
        running.close();
        health.close();
        if (links != null) {
            links.close();
        }
        aggregation.close();
        connections.close();
    }
}
