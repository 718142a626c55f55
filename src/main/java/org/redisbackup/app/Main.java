package org.redisbackup.app;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Starts the service from a folder with {@code application.properties} and {@code routes/}. */
public final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
        try {
            Settings settings =
                    Settings.load(Path.of("application.properties"), System.getenv(), System.getProperties());
            ImportService service = ImportService.start(settings);
            Runtime.getRuntime().addShutdownHook(new Thread(service::close, "shutdown"));
            System.out.println("The API answers at " + service.uri() + ". Ctrl-C ends the service.");
            new CountDownLatch(1).await();
        } catch (ConfigurationException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }
}
