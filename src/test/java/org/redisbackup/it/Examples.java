package org.redisbackup.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The applications of {@code src/examples}, built by Maven from a copy, with our jar in the local repository under a
 * version of its own while they are built: what they resolve is what was packaged here, and nothing stays behind.
 */
final class Examples implements AutoCloseable {
    /** Of the examples, which {@code -Dexamples.NAME} sets to run them on other versions of their frameworks. */
    private static final List<String> VERSIONS =
            List.of("camel.version", "spring-boot.version", "quarkus.version", "camel-quarkus.version");

    private static final int BUILD_MINUTES = 20;

    private final Path folder;
    private final Path installed;
    private final String version = "examples-" + ProcessHandle.current().pid();

    /**
     * @param folder to build in; emptied
     */
    Examples(Path folder) throws IOException {
        this.folder = folder.toAbsolutePath();
        installed = Path.of(System.getProperty("redisbackup.it.repository"))
                .resolve("org/redisbackup/redis-backup-import")
                .resolve(version);
        delete(this.folder);
        copy(Path.of("src/examples"), this.folder);
    }

    /** Packages the named ones. */
    void build(String... modules) throws IOException, InterruptedException {
        install();
        List<String> command = new ArrayList<>(List.of(maven(), "-B", "-ntp", "-q", "package"));
        command.add("org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies");
        command.add("-DincludeScope=runtime");
        command.add("-DoutputDirectory=${project.build.directory}/lib");
        command.addAll(List.of("-pl", String.join(",", modules), "-Dredis-backup-import.version=" + version));
        command.add("-Dmaven.repo.local=" + System.getProperty("redisbackup.it.repository"));
        VERSIONS.stream()
                .filter(name -> System.getProperty("examples." + name) != null)
                .forEach(name -> command.add("-D" + name + "=" + System.getProperty("examples." + name)));
        Path log = folder.resolve("build.log");
        Process build = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = build.waitFor(BUILD_MINUTES, TimeUnit.MINUTES);
        build.destroy();
        assertThat(ended && build.exitValue() == 0).as(Files.readString(log)).isTrue();
    }

    private static String maven() {
        return Path.of(System.getProperty("redisbackup.it.maven"), "bin", "mvn").toString();
    }

    private void install() throws IOException {
        Files.createDirectories(installed);
        String name = "redis-backup-import-" + version;
        Files.copy(
                Path.of("target/redis-backup-import.jar"),
                installed.resolve(name + ".jar"),
                StandardCopyOption.REPLACE_EXISTING);
        String ours = System.getProperty("redisbackup.it.version");
        Files.writeString(
                installed.resolve(name + ".pom"),
                Files.readString(Path.of("pom.xml"))
                        .replaceFirst("<version>\\Q" + ours + "\\E</version>", "<version>" + version + "</version>"));
    }

    /** A folder as the service is started from: the routes and the configuration, with the jar that was packaged here. */
    void copyService(String module) throws IOException {
        Path service = folder.resolve(module);
        copy(Path.of("routes"), service.resolve("routes"));
        String configuration = Files.readString(Path.of("application.properties"));
        String ours = "redis-backup-import:" + System.getProperty("redisbackup.it.version") + ",";
        assertThat(configuration).contains(ours);
        Files.writeString(
                service.resolve("application.properties"),
                configuration.replace(ours, "redis-backup-import:" + version + ","));
    }

    /** The files in a folder of a module, as a shell would list them for {@code folder/*}. */
    List<String> files(String module, String name) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(module).resolve(name))) {
            return files.map(file -> name + "/" + file.getFileName()).sorted().toList();
        }
    }

    /** The jars that an application brings along. */
    List<String> jars(String module) throws IOException {
        try (Stream<Path> jars = Files.list(folder.resolve(module).resolve("target/lib"))) {
            return jars.map(jar -> jar.getFileName().toString()).sorted().toList();
        }
    }

    /**
     * Starts an application.
     *
     * @param arguments of the JVM that say what to run, in the folder of the module
     */
    Process start(String module, Map<String, String> properties, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1"));
        properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(folder.resolve(module).toFile())
                .redirectErrorStream(true)
                .redirectOutput(log(module).toFile())
                .start();
    }

    /** What the application of a module prints. */
    Path log(String module) {
        return folder.resolve(module + ".log");
    }

    @Override
    public void close() throws IOException {
        delete(installed);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file :
                    files.filter(path -> !path.toString().contains("target")).toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            Files.createDirectories(folder.getParent());
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(Examples::deleteOne);
        }
    }

    private static void deleteOne(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
