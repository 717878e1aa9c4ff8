//! `kogents health`: asks the running server, as a container's health check does.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::time::{Duration, Instant};

use crate::support::Folder;

fn asked(folder: &Folder, port: &str, words: &[&str]) -> (i32, String) {
    let output = folder.run_with(&[("PORT", port)], words);
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.code().unwrap(),
        String::from_utf8(said).unwrap(),
    )
}

#[test]
fn a_running_server_is_well_and_one_that_has_ended_is_not() {
    let folder = Folder::new();
    let program = folder.start();
    let port = program.client.base().rsplit(':').next().unwrap().to_owned();
    for words in [&["health"][..], &["health", "--ready"]] {
        let (code, said) = asked(&folder, &port, words);
        assert_eq!(code, 0, "{said}");
        assert!(said.contains("is well"), "{said}");
    }
    drop(program);
    let (code, said) = asked(&folder, &port, &["health"]);
    assert_eq!(code, 1);
    assert!(said.contains("see HOST and PORT"), "{said}");
}

#[test]
fn what_is_no_server_of_ours_is_not_well_and_is_given_up_in_time() {
    let folder = Folder::new();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = other.local_addr().unwrap().port().to_string();
    let answers = std::thread::spawn(move || {
        // What is not read before a connection is dropped resets it.
        let (mut first, _) = other.accept().unwrap();
        assert!(first.read(&mut [0; 1_024]).unwrap() > 0);
        first
            .write_all(b"HTTP/1.1 503 Service Unavailable\r\n\r\n")
            .unwrap();
        drop(first);
        let (mut second, _) = other.accept().unwrap();
        assert!(second.read(&mut [0; 1_024]).unwrap() > 0);
        second.write_all(b"SSH-2.0-other\r\n").unwrap();
        drop(second);
        // The third one gets no answer.
        let (mut third, _) = other.accept().unwrap();
        std::io::copy(&mut third, &mut std::io::sink()).unwrap();
    });
    let (code, said) = asked(&folder, &port, &["health", "--ready"]);
    assert_eq!((code, said.contains("with 503")), (1, true), "{said}");
    let (code, said) = asked(&folder, &port, &["health"]);
    assert_eq!((code, said.contains("no HTTP/1.1")), (1, true), "{said}");
    let started = Instant::now();
    let (code, said) = asked(&folder, &port, &["health"]);
    assert_eq!((code, said.contains("within 3 s")), (1, true), "{said}");
    assert!(started.elapsed() < Duration::from_secs(5));
    answers.join().unwrap();
}

#[test]
fn where_to_ask_has_to_be_known() {
    let folder = Folder::new();
    let (code, said) = asked(&folder, "0", &["health"]);
    assert_eq!((code, said.contains("PORT is 0")), (1, true), "{said}");
    let (code, said) = asked(&folder, "canary", &["health"]);
    assert_eq!((code, said.contains("PORT must be")), (2, true), "{said}");
    assert_eq!(asked(&folder, "1", &["health", "now"]).0, 2);
}
