package org.redisbackup.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.component.aws2.s3.AWS2S3Endpoint;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.Registry;
import org.apache.camel.support.SimpleEventNotifierSupport;
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
import org.redisbackup.schedule.Claims;
import org.redisbackup.schedule.DueSchedules;
import org.redisbackup.schedule.EndedImports;
import org.redisbackup.schedule.Schedule;
import org.redisbackup.schedule.ScheduleStore;
import org.redisbackup.schedule.ScheduledImports;
import org.redisbackup.schedule.Schedules;
import org.redisbackup.source.Backoff;
import org.redisbackup.source.S3BackupSource;
import org.redisbackup.source.S3Links;
import org.redisbackup.task.AllowedBuckets;
import org.redisbackup.task.BackupFiles;
import org.redisbackup.task.BackupListing;
import org.redisbackup.task.BackupRecords;
import org.redisbackup.task.FileAnalysis;
import org.redisbackup.task.FileComparison;
import org.redisbackup.task.FileImport;
import org.redisbackup.task.InstanceHealth;
import org.redisbackup.task.Instances;
import org.redisbackup.task.PasswordSeal;
import org.redisbackup.task.RunningTasks;
import org.redisbackup.task.StateConnection;
import org.redisbackup.task.Targets;
import org.redisbackup.task.TaskLimits;
import org.redisbackup.task.TaskLogs;
import org.redisbackup.task.TaskRetention;
import org.redisbackup.task.TaskService;
import org.redisbackup.task.TaskStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.JedisPooled;
import redis.clients.jedis.exceptions.JedisException;

/** The running service: the routes of {@code routes/}, the beans that they name, and the HTTP server. */
public final class ImportService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ImportService.class);
    private static final Duration IN_TIME = Duration.ofMillis(4500);
    private static final InstantSource CLOCK = Clock.systemUTC();
    private static final String HOST = "camel.server.host";
    private static final String ROUTES = "camel.main.routesIncludePattern";
    private static final String MAX_BODY = "camel.server.maxBodySize";
    private static final String PORT = "camel.server.port";

    /** What the service needs of Camel, and what its properties are when nobody sets them. */
    private static final Map<String, String> DEFAULTS = Map.ofEntries(
            Map.entry("camel.main.name", "redis-backup-import"),
            Map.entry(ROUTES, "file:routes/*.camel.yaml"),
            Map.entry("camel.main.shutdownTimeout", "1"),
            Map.entry("camel.server.enabled", "true"),
            Map.entry(HOST, "127.0.0.1"),
            Map.entry(PORT, "8080"),
            Map.entry(MAX_BODY, "1048576"),
            Map.entry("camel.server.fileUploadEnabled", "false"),
            Map.entry("camel.component.platform-http.headerFilterStrategy", "#noHeaders"),
            Map.entry("camel.component.platform-http.serverRequestValidation", "false"),
            Map.entry("redisbackup.tasks.parallel", "4"),
            Map.entry("redisbackup.tasks.unfinished", Integer.toString(TaskLimits.STANDARD.all())),
            Map.entry("redisbackup.status.endpoint", ""),
            Map.entry("redisbackup.schedule.endpoint", ""));

    private final Settings settings;
    private final Main main = new Main();
    private final ServerVertx vertx = new ServerVertx();
    private final Target state;
    private final Instances instances;
    private final AllowedBuckets buckets;
    private final Targets targets;
    private final InstanceHealth health = new InstanceHealth();
    private final Schedules schedules;
    private final ScheduleStore scheduleStore;
    private final AccessControl access;
    private final JedisPooled connections;
    private final TaskStore store;
    private final RunningTasks running;
    private final TaskLogs logs;
    private final TaskService tasks;
    private final TaskRetention retention;
    private final TaskAggregation aggregation;
    private S3Links links;

    private ImportService(Settings settings) {
        this.settings = settings;
        Configured configured = new Configured(settings);
        state = configured.state();
        instances = configured.instances();
        buckets = configured.buckets();
        PasswordSeal seal = configured.passwordSeal();
        targets = new Targets(instances, configured.targets(), seal);
        List<Schedule> configuredSchedules = new ConfiguredSchedules(settings, instances).schedules();
        access = new ConfiguredAccess(settings).access(isLoopback(host()));
        requireRoutes();
        requireFreePort(settings);
        TaskLimits limits = configured.limits();
        connections = StateConnection.open(state);
        requireState();
        store = new TaskStore(connections);
        logs = new TaskLogs(connections);
        running = new RunningTasks(store, logs, targets, this::breakOffDeliveries);
        retention = configured.retention(connections, store, CLOCK);
        tasks = new TaskService(store, logs, running, limits, seal);
        aggregation = TaskAggregation.open(state);
        scheduleStore = new ScheduleStore(connections);
        schedules = new Schedules(configuredSchedules, scheduleStore, instances, buckets, CLOCK);
    }

    /**
     * Starts everything.
     *
     * @throws ConfigurationException when it can't run like this
     */
    public static ImportService start(Settings given) throws Exception {
        ImportService service = new ImportService(given.withDefaults(DEFAULTS));
        try {
            service.startCamel();
            return service;
        } catch (Exception e) {
            service.close();
            throw e;
        }
    }

    /** Where the API answers. */
    public URI uri() {
        return URI.create("http://" + host() + ":" + port());
    }

    private String host() {
        return settings.get(HOST);
    }

    private int port() {
        return settings.number(PORT, 0, 1);
    }

    private void startCamel() throws Exception {
        main.setPropertyPlaceholderLocations("false");
        main.setOverrideProperties(settings.asProperties());
        main.bind("noHeaders", new NoHeaders());
        main.bind("apiJson", ApiJson.mapper());
        main.bind("vertx", vertx);
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void afterConfigure(BaseMainSupport configured) {
                wire(configured.getCamelContext());
            }
        });
        main.start();
    }

    private void wire(CamelContext context) {
        context.getManagementStrategy().addEventNotifier(new SimpleEventNotifierSupport() {
            @Override
            public void notify(CamelEvent event) {
                if (event instanceof CamelEvent.CamelContextRoutesStartingEvent) {
                    HttpEdge.install(
                            context,
                            port(),
                            new AccessGate(access, settings.number(MAX_BODY, 0, 1)),
                            running::isClosing);
                }
            }
        });
        AWS2S3Endpoint s3 = s3(context);
        S3BackupSource source = new S3BackupSource(s3.getS3Client(), backoff());
        links = new S3Links(s3.getS3Client(), s3.getConfiguration().isForcePathStyle());
        context.getComponent("redis-restore", RedisRestoreComponent.class).writeOnlyWhile(running::holdsLease);
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
        beans.bind("backupFiles", new BackupFiles(new BackupListing(source), running, logs));
        beans.bind("fileAnalysis", new FileAnalysis(store, logs));
        beans.bind("fileComparison", new FileComparison(logs));
        beans.bind("fileImport", new FileImport(source, running, logs));
        wireSchedules(beans, source);
        beans.bind("fileResults", new FileResults());
        beans.bind("taskAggregation", aggregation.repository());
        new Pools(settings).register(context.getExecutorServiceManager());
    }

    private void wireSchedules(Registry beans, S3BackupSource source) {
        Claims claims = new Claims(scheduleStore);
        ScheduledImports imports =
                new ScheduledImports(schedules, scheduleStore, claims, source, instances, tasks, CLOCK);
        beans.bind("dueSchedules", new DueSchedules(schedules, scheduleStore, imports, claims, CLOCK));
        beans.bind("scheduledImports", imports);
        beans.bind("endedImports", new EndedImports(scheduleStore, tasks));
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

    private void requireRoutes() {
        String pattern = settings.get(ROUTES);
        Path folder =
                Path.of(pattern.replaceFirst("^file:", "")).toAbsolutePath().getParent();
        if (pattern.startsWith("file:") && !Files.isDirectory(folder)) {
            throw new ConfigurationException("There is no folder " + folder
                    + ": start the service in the folder that holds routes/, or set " + ROUTES + ".");
        }
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

    private void requireState() {
        try {
            connections.ping();
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

    private void breakOffDeliveries(String session) {
        main.getCamelContext()
                .getComponent("redis-restore", RedisRestoreComponent.class)
                .breakOff(session, "The import was broken off");
    }

    /** The end of the process: as {@link #close}, but it waits 4.5 seconds at most for servers that hang. */
    public void closeInTime() {
        Thread ender = new Thread(this::close, "shutdown-in-time");
        ender.setDaemon(true);
        ender.start();
        try {
            ender.join(IN_TIME.toMillis());
            if (ender.isAlive()) {
                LOG.warn("Not everything ended in good order within {} ms", IN_TIME.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends within seconds: imports that run are broken off, and left to the next start or to another instance. */
    @Override
    public void close() {
        running.breakOffAll();
        running.close(); // before anything that may hang
        main.stop();
        vertx.close();
        health.close();
        if (links != null) {
            links.close();
        }
        aggregation.close();
        connections.close();
    }
}
