package org.redisbackup.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.redisbackup.app.embedded.Demo;
import org.redisbackup.app.embedded.EmbeddedServers;

/** The service together with the servers that it needs, and a first import to look at. */
final class EmbeddedService implements AutoCloseable {
    private static final Path DATA = Path.of("data");
    private static final String PROJECT = "demo0000000000000000000000000000";
    private static final String TOKEN = "redisbackup.auth.tokens.demo.";

    private final EmbeddedServers servers;
    private ImportService service;
    private volatile boolean ending;

    private EmbeddedService(EmbeddedServers servers) {
        this.servers = servers;
    }

    /**
     * Starts everything and imports the sample backups. What was started ends with this JVM.
     *
     * @throws IOException when a server does not come up
     * @throws ConfigurationException when the service can't run like this
     */
    static void run(Settings settings) throws Exception {
        ServiceBeans.requireFreePort(settings);
        System.out.println("Starting the embedded servers; they keep their data in " + DATA + "/");
        EmbeddedService all = new EmbeddedService(EmbeddedServers.start(DATA, settings::get));
        Runtime.getRuntime().addShutdownHook(new Thread(all::close, "shutdown"));
        all.start(settings);
    }

    private void start(Settings settings) throws Exception {
        Map<String, String> defaults = new HashMap<>(servers.properties());
        String token = settings.get(TOKEN + "token", UUID.randomUUID().toString());
        defaults.put(TOKEN + "token", token);
        defaults.put(TOKEN + "projects", PROJECT);
        boolean demonstrate = servers.canDemonstrate();
        if (demonstrate) {
            servers.provideSamples();
        }
        startService(settings.withDefaults(defaults));
        if (demonstrate) {
            demonstrate(token);
        }
        if (!ending) {
            System.out.println("The API answers at " + service.uri() + "; Ctrl-C ends everything.");
        }
    }

    private void demonstrate(String token) throws IOException {
        try {
            new Demo(service.uri(), PROJECT, token, System.out)
                    .run(EmbeddedServers.DEMO_BUCKET, EmbeddedServers.DEMO_INSTANCE, servers.targetUrl());
            System.out.println(servers.uploadHint());
        } catch (IOException e) {
            if (!ending) { // else the demonstration only saw the service go
                throw e;
            }
        }
    }

    private synchronized void startService(Settings settings) throws Exception {
        service = ImportService.start(settings);
    }

    @Override
    public void close() {
        ending = true;
        end();
    }

    private synchronized void end() {
        if (service != null) {
            service.closeInTime();
        }
        try {
            servers.close();
        } catch (IOException e) {
            System.err.println(e.getMessage());
        }
    }
}
