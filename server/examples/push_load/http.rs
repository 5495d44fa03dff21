//! A caller that costs as little as can be: one connection, one request after the other, no compression. What the measured machine
//! spends on calling it does not spend on answering.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail, ensure};
use serde::de::DeserializeOwned;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

pub(crate) struct Caller {
    address: SocketAddr,
    stream: TcpStream,
    cookie: String,
    buffer: Vec<u8>,
}

impl Caller {
    pub(crate) async fn connect(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { address, stream, cookie: String::new(), buffer: Vec::new() })
    }

    pub(crate) async fn sign_in(&mut self, email: &str, password: &str) -> Result<()> {
        let body = serde_json::json!({ "email": email, "password": password });
        let (head, _) = self.exchange("/sign-in", &body).await?;
        let set = head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).context("no session")?;
        self.cookie = set.split(';').next().unwrap_or_default().to_owned();
        Ok(())
    }

    pub(crate) async fn post<T: DeserializeOwned>(&mut self, path: &str, body: &serde_json::Value) -> Result<T> {
        let (_, body) = self.exchange(path, body).await?;
        Ok(serde_json::from_slice(&body)?)
    }

    async fn exchange(&mut self, path: &str, body: &serde_json::Value) -> Result<(String, Vec<u8>)> {
        let body = serde_json::to_vec(body)?;
        let Self { address, cookie, .. } = self;
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\naccept: application/json\r\ncontent-type: application/json\r\n\
             content-length: {}\r\ncookie: {cookie}\r\n\r\n",
            body.len()
        );
        let mut request = head.into_bytes();
        request.extend_from_slice(&body);
        self.stream.write_all(&request).await?;
        self.read_answer().await
    }

    async fn read_answer(&mut self) -> Result<(String, Vec<u8>)> {
        let end = loop {
            if let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            self.read_more().await?;
        };
        let head = String::from_utf8(self.buffer[..end].to_vec())?.to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).context("an answer of unknown length")?;
        let length: usize = length.trim().parse()?;
        while self.buffer.len() < end + length {
            self.read_more().await?;
        }
        let head = String::from_utf8(self.buffer[..end].to_vec())?;
        let body = self.buffer[end..end + length].to_vec();
        self.buffer.drain(..end + length);
        if !head.starts_with("HTTP/1.1 200") {
            bail!("{}: {}", head.lines().next().unwrap_or_default(), String::from_utf8_lossy(&body));
        }
        Ok((head, body))
    }

    async fn read_more(&mut self) -> Result<()> {
        ensure!(self.stream.read_buf(&mut self.buffer).await? > 0, "the server closed the connection");
        Ok(())
    }
}
