package org.redisbackup.app;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * Starts the service from a folder with {@code application.properties} and {@code routes/}; with {@code
 * redisbackup.embedded=true} also the servers that it needs, followed by a sample import.
 */
public final class Main {
    static final String PROPERTIES = "application.properties";
    private static final String LOGGING = "logback.configurationFile";

    private Main() {}

    /** Ends with status 1 and one sentence when the service can't start. */
    public static void main(String[] args) throws Exception {
        try {
            Settings settings = Settings.load(Path.of(PROPERTIES), System.getenv(), System.getProperties());
            boolean embedded = settings.get("redisbackup.embedded", "false").equals("true");
            chooseLogging(embedded ? "logback-embedded.xml" : "logback-service.xml");
            if (embedded) {
                EmbeddedService.run(settings);
            } else {
                run(settings);
            }
            new CountDownLatch(1).await(); // until Ctrl-C
        } catch (ConfigurationException | IOException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        } catch (Exception e) {
            e.printStackTrace(); // nothing that a user could put right
            System.exit(1);
        }
    }

    /** Not named logback.xml: the jar's would take hold of every application that embeds it. */
    private static void chooseLogging(String file) {
        if (System.getProperty(LOGGING) == null) {
            System.setProperty(LOGGING, "org/redisbackup/app/" + file);
        }
    }

    private static void run(Settings settings) throws Exception {
        ImportService service = ImportService.start(settings);
        Runtime.getRuntime().addShutdownHook(new Thread(service::closeInTime, "shutdown"));
        System.out.println("The API answers at " + service.uri() + "; Ctrl-C ends the service.");
    }
}
