package org.redisbackup.app;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.main.Main;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running service: Camel, with the routes of {@code routes/}. */
public final class ImportService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ImportService.class);
    private static final Duration IN_TIME = Duration.ofMillis(4500);
    private static final String ROUTES = "camel.main.routesIncludePattern";
    private static final Map<String, String> DEFAULTS = Map.of(
            "camel.main.name",
            "redis-backup-import",
            ROUTES,
            "file:routes/*.camel.yaml",
            "camel.main.shutdownTimeout",
            "1");

    private final Settings settings;
    private final Main main = new Main();

    private ImportService(Settings settings) {
        this.settings = settings;
    }

    /**
     * Starts everything.
     *
     * @throws ConfigurationException when it can't run like this
     */
    public static ImportService start(Settings given) throws Exception {
        ImportService service = new ImportService(given.withDefaults(DEFAULTS).withDefaults(ServiceBeans.DEFAULTS));
        service.requireRoutes();
        try {
            service.startCamel();
            return service;
        } catch (Exception e) {
            service.abandon();
            throw causeOf(e);
        }
    }

    /** What did not come as far as starting does not end with Camel. */
    private void abandon() {
        close();
        ServiceBeans beans = ServiceConfiguration.beansOf(main.getCamelContext());
        if (beans != null) {
            beans.close();
        }
    }

    /** Camel says where it happened, which the sentence for whoever starts it does not need. */
    private static Exception causeOf(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConfigurationException configuration) {
                return configuration;
            }
        }
        return failure;
    }

    /** Where the API answers. */
    public URI uri() {
        return URI.create("http://" + settings.get(ServiceBeans.HOST) + ":" + settings.get(ServiceBeans.PORT));
    }

    private void startCamel() throws Exception {
        main.setPropertyPlaceholderLocations("false");
        main.setOverrideProperties(settings.asProperties());
        main.bind(ServiceConfiguration.SETTINGS, settings);
        main.start();
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
        main.stop();
    }
}
