var Opac={search:function(q){return fetch('/opac/search?q='+encodeURIComponent(q)).then(function(r){return r.text()})},suggest:function(e){if(e.target.value.length>1){Opac.search(e.target.value).then(function(t){document.getElementById('suggest').innerHTML=t})}}};
document.getElementById('q').addEventListener('keyup',Opac.suggest);
